// `runlayer deploy`: from the file to a server that answers.
import { Option } from 'clipanion';
import { ProjectCommand, secondsOption } from './project-command.ts';

export class DeployCommand extends ProjectCommand {
  static override paths = [['deploy']];
  static override usage = ProjectCommand.Usage({
    category: 'Deploy',
    description: 'Build the image, deploy it, and follow the release until it serves.',
    details: `
      Fills in \`\${VAR}\` from the environment and a \`.env\` file, checks the file here and on the server, builds with your Docker engine,
      and hands the image over. The first deploy writes the id of the new deployment into the file.

      \`deploy init\`, \`validate\`, \`pull\`, \`watch\` and \`destroy\` are commands of their own: add --help to each.

      Exit codes: 0 it serves · 1 it failed · 2 wrong usage or an invalid file · 3 refused · 75 not finished in time · 130 interrupted.
    `,
    examples: [
      ['Deploy the project in this folder', '$0 deploy'],
      ['Deploy another file with its own variables', '$0 deploy --config staging.yaml --env-file staging.env'],
      ['In a pipeline, for a program', '$0 deploy --json --timeout 600'],
    ],
  });

  envFile = Option.String('-e,--env-file', {
    description: 'File of variables (default: .env beside the configuration, else in this folder)',
  });
  timeout = Option.String('--timeout', '900', { description: 'Seconds to follow the release (default: 900)' });

  protected override readonly tellsEvents = true;

  async execute(): Promise<void> {
    const timeoutSeconds = await secondsOption('--timeout', this.timeout);
    const { loadProject } = await import('../../project/load-project.ts');
    const project = await loadProject({ file: this.config, envFile: this.envFile }, this.context, this.report);
    const client = await this.connect();
    const { deployProject } = await import('../../deploy/deploy-project.ts');
    const signal = this.context.listenForInterrupt();
    const deployed = await deployProject(project, { client, report: this.report, signal, timeoutSeconds });
    this.report.result(deployed.value, deployed.text);
  }
}
