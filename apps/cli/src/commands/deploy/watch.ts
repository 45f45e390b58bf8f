// `runlayer deploy watch`: follows a release that another command started.
import { Option } from 'clipanion';
import { ProjectCommand, secondsOption } from './project-command.ts';

export class WatchCommand extends ProjectCommand {
  static override paths = [['deploy', 'watch']];
  static override usage = ProjectCommand.Usage({
    category: 'Deploy',
    description: 'Follow the newest release of a deployment until it ends.',
    details: 'Exit codes are those of `runlayer deploy`.',
    examples: [
      ['Go on watching after an interruption', '$0 deploy watch 4c9b3e0e-5b0f-4f5e-9a53-3a2f6f3d8a51'],
      ['Watch the deployment of this folder', '$0 deploy watch'],
    ],
  });

  id = Option.String({ required: false, name: 'deployment-id' });
  deploymentId = Option.String('-d,--deployment-id', { description: 'Id of the deployment (default: that of the file)' });
  timeout = Option.String('--timeout', '900', { description: 'Seconds to follow the release (default: 900)' });

  protected override readonly tellsEvents = true;

  async execute(): Promise<void> {
    const timeoutSeconds = await secondsOption('--timeout', this.timeout);
    const { deploymentIdFor } = await import('../../project/deployment-id.ts');
    const id = await deploymentIdFor({ given: this.id ?? this.deploymentId, file: this.config }, this.context);
    const client = await this.connect();
    const { watchDeployment } = await import('../../deploy/watch-deployment.ts');
    const signal = this.context.listenForInterrupt();
    const ended = await watchDeployment(id, { client, report: this.report, signal, timeoutSeconds });
    this.report.result(ended.value, ended.text);
  }
}
