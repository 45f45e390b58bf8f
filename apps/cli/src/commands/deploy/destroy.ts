// `runlayer deploy destroy`: takes down everything a deployment made, and shows that nothing is left.
import { Option } from 'clipanion';
import { ProjectCommand, secondsOption } from './project-command.ts';

export class DestroyCommand extends ProjectCommand {
  static override paths = [['deploy', 'destroy']];
  static override usage = ProjectCommand.Usage({
    category: 'Deploy',
    description: 'Take down a deployment and everything it made.',
    details:
      'Asks first. Refused while connectors are attached, unless they are deleted too. The record stays readable, and says that it is deleted.',
    examples: [
      ['Be asked', '$0 deploy destroy'],
      ['See what would go', '$0 deploy destroy --dry-run'],
      ['In a pipeline, connectors included', '$0 deploy destroy --yes --delete-all'],
    ],
  });

  deploymentId = Option.String('-d,--deployment-id', { description: 'Id of the deployment (default: that of the file)' });
  yes = Option.Boolean('-y,--yes', false, { description: 'Do not ask' });
  dryRun = Option.Boolean('--dry-run', false, { description: 'Only show what would be taken down' });
  deleteAll = Option.Boolean('--delete-all', false, { description: 'Also delete the connectors that are attached' });
  timeout = Option.String('--timeout', '300', { description: 'Seconds to wait until everything is gone (default: 300)' });

  protected override readonly tellsEvents = true;

  async execute(): Promise<void> {
    const timeoutSeconds = await secondsOption('--timeout', this.timeout);
    const { deploymentIdFor } = await import('../../project/deployment-id.ts');
    const id = await deploymentIdFor({ given: this.deploymentId, file: this.config }, this.context);
    const client = await this.connect();
    const { destroyDeployment } = await import('../../teardown/destroy-deployment.ts');
    const { yes, dryRun, deleteAll, context, report } = this;
    const ended = await destroyDeployment(id, { yes, dryRun, deleteAll, timeoutSeconds }, { client, context, report });
    report.result(ended.value, ended.text);
  }
}
