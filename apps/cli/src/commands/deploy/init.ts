// `runlayer deploy init`: a record on the server, and its file here.
import { Option } from 'clipanion';
import { ProjectCommand } from './project-command.ts';

export class InitCommand extends ProjectCommand {
  static override paths = [['deploy', 'init']];
  static override usage = ProjectCommand.Usage({
    category: 'Deploy',
    description: 'Create a deployment and write its configuration file.',
    details: 'Nothing runs yet. An existing file is never overwritten.',
    examples: [
      ['Be asked for the name', '$0 deploy init'],
      ['Give the name and the file', '$0 deploy init --name notes-mcp --config notes.yaml'],
    ],
  });

  name = Option.String('-n,--name', { description: 'Name of the deployment: a-z, 0-9, - and _' });

  async execute(): Promise<void> {
    const { initProject } = await import('../../project/init-project.ts');
    const made = await initProject({ name: this.name, file: this.config, connect: () => this.connect() }, this.context, this.report);
    const text = `Created the deployment ${made.name} (${made.id}) and wrote ${this.config}.\nEdit the file, then run \`runlayer deploy\`.`;
    this.report.result({ deployment_id: made.id, name: made.name, file: made.path }, text);
  }
}
