// `runlayer deploy validate`: whether the file is right, or all that is wrong with it.
import { Option } from 'clipanion';
import { ProjectCommand } from './project-command.ts';

export class ValidateCommand extends ProjectCommand {
  static override paths = [['deploy', 'validate']];
  static override usage = ProjectCommand.Usage({
    category: 'Deploy',
    description: 'Check the configuration file here and on the server. Creates nothing.',
    examples: [
      ['Check the file of this folder', '$0 deploy validate'],
      ['Check with the variables of a pipeline', '$0 deploy validate --env-file ci.env --json'],
    ],
  });

  envFile = Option.String('-e,--env-file', {
    description: 'File of variables (default: .env beside the configuration, else in this folder)',
  });

  async execute(): Promise<void> {
    const { loadProject } = await import('../../project/load-project.ts');
    const project = await loadProject({ file: this.config, envFile: this.envFile }, this.context, this.report);
    const client = await this.connect();
    const { checkWithServer } = await import('../../deploy/check-with-server.ts');
    await checkWithServer(project, { client, report: this.report });
    this.report.result({ valid: true, file: project.path }, `${this.config} is valid.`);
  }
}
