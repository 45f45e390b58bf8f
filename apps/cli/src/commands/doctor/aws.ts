// `runlayer doctor aws`: whether the deployment gets into the roles it declares, and if not, why.
import { Option } from 'clipanion';
import { ProjectCommand } from '../deploy/project-command.ts';

export class DoctorAwsCommand extends ProjectCommand {
  static override paths = [['doctor', 'aws']];
  static override usage = ProjectCommand.Usage({
    category: 'Doctor',
    description: 'Find out why a deployment can or cannot assume the AWS roles that it declares.',
    details: `
      Tells a wrong principal, a missing or wrong External ID and a mistyped ARN apart, and prints the trust policy to paste, filled in.
      Nothing is changed, and no other command of Runlayer calls your AWS account.

      Inside the deployment's container it needs no login: it assumes each role as the connector does (\`sts:AssumeRole\`), then tries it
      without the External ID and with a wrong one. Anywhere else it asks the platform for the task role and reads each role with your AWS
      credentials (\`iam:GetRole\`, and \`iam:ListRoles\` to suggest a name). Credentials come from where AWS tools look for them, such as
      \`AWS_PROFILE\`. Without any it prints the trust policy and what to do.

      Exit codes: 0 every role can be assumed · 1 one cannot, or it cannot be told · 2 wrong usage · 3 refused by the platform.
    `,
    examples: [
      ["Check the roles of this folder's deployment, with credentials of the account they are in", 'AWS_PROFILE=customer $0 doctor aws'],
      ['Check one role of another deployment', '$0 doctor aws --deployment-id 4c9b3e0e-5b0f-4f5e-9a53-3a2f6f3d8a51 --role reports'],
      ['Print the trust policy to paste', '$0 doctor aws --trust-policy > trust-policy.json'],
      ['In a pipeline: fail on warnings too', '$0 doctor aws --strict --json'],
    ],
  });

  deploymentId = Option.String('-d,--deployment-id', { description: 'Id of the deployment (default: that of the container or the file)' });
  roles = Option.Array('--role', [], { description: 'Name of a declared role to check; may be repeated (default: all)' });
  roleArns = Option.Array('--role-arn', [], { description: 'ARN of a role to check instead of the declared ones; may be repeated' });
  taskRoleArn = Option.String('--task-role-arn', { description: 'Task role of the deployment; with --role-arn the platform is not asked' });
  trustPolicy = Option.Boolean('--trust-policy', false, { description: 'Print the trust policy only; AWS is not called' });
  strict = Option.Boolean('--strict', false, { description: 'Fail on warnings too' });

  async execute(): Promise<void> {
    const { findSubject } = await import('../../doctor/find-subject.ts');
    const given = { ...this.given(), connect: () => this.connect() };
    const subject = await findSubject(given, this.context);
    if (this.trustPolicy) {
      const { customerTrustPolicy } = await import('@runlayer/aws-roles');
      const policy = customerTrustPolicy(subject);
      return this.report.result({ trust_policy: policy }, JSON.stringify(policy, undefined, 2));
    }
    const { diagnoseRoles } = await import('../../doctor/diagnose-roles.ts');
    const ended = await diagnoseRoles(subject, { env: this.context.env, report: this.report, isStrict: this.strict });
    this.report.result(ended.value, ended.text);
  }

  private given() {
    const { deploymentId, roles, roleArns, taskRoleArn, config: file } = this;
    return { deploymentId, roles, roleArns, taskRoleArn, file };
  }
}
