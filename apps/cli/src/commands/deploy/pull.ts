// `runlayer deploy pull`: the stored configuration into the file, with a backup of what was there.
import { Option } from 'clipanion';
import { ProjectCommand } from './project-command.ts';

export class PullCommand extends ProjectCommand {
  static override paths = [['deploy', 'pull']];
  static override usage = ProjectCommand.Usage({
    category: 'Deploy',
    description: 'Write the stored configuration into the file, keeping a backup.',
    details: 'Values of `env` come as `${NAME}`: the platform never gives them out. Comments of the file stay.',
    examples: [
      ['Refresh the file of this folder', '$0 deploy pull'],
      ['Fetch a deployment by its id', '$0 deploy pull --deployment-id 4c9b3e0e-5b0f-4f5e-9a53-3a2f6f3d8a51'],
    ],
  });

  deploymentId = Option.String('-d,--deployment-id', { description: 'Id of the deployment (default: that of the file)' });

  async execute(): Promise<void> {
    const { deploymentIdFor } = await import('../../project/deployment-id.ts');
    const id = await deploymentIdFor({ given: this.deploymentId, file: this.config }, this.context);
    const client = await this.connect();
    const { pullProject } = await import('../../project/pull-project.ts');
    const { path, backup } = await pullProject({ id, file: this.config, client }, this.context, this.report);
    const kept = backup === undefined ? '' : ` The file as it was is ${backup}.`;
    this.report.result({ deployment_id: id, file: path, backup: backup ?? null }, `Wrote ${this.config}.${kept}`);
  }
}
