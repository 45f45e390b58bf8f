// The security group of the platform's server: every task lets in this group and nobody else. Who may reach the server itself is not decided here.
import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { tagList, tagsFrom } from '../../tags.ts';
import type { BootstrapContext } from '../bootstrap-options.ts';
import { demandOurs, type Part, type Seen } from '../part.ts';

/** The security group. Its rules are the operator's: it is made without any way in. */
export function proxySecurityGroup(context: BootstrapContext): Part {
  const { aws, names, tags } = context;
  const { vpc } = aws.options;
  return {
    resource: 'proxy-security-group',
    name: names.proxySecurityGroup,
    features: [`in ${vpc}`, 'lets nobody in'],
    look: () => look(context),
    create: () => {
      const create = new CreateSecurityGroupCommand({
        GroupName: names.proxySecurityGroup,
        Description: `Runlayer ${aws.options.environment}: the server, which calls the tasks.`,
        VpcId: vpc,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList({ ...tags, Name: names.proxySecurityGroup }) }],
      });
      return aws.clients.ec2.send(create, { abortSignal: aws.signal });
    },
  };
}

async function look(context: BootstrapContext): Promise<Seen | undefined> {
  const { aws, names } = context;
  const describe = new DescribeSecurityGroupsCommand({
    Filters: [
      { Name: 'group-name', Values: [names.proxySecurityGroup] },
      { Name: 'vpc-id', Values: [aws.options.vpc] },
    ],
  });
  const { SecurityGroups: [found] = [] } = await aws.clients.ec2.send(describe, { abortSignal: aws.signal });
  if (found === undefined) return undefined;
  demandOurs(`The security group ${names.proxySecurityGroup} (${found.GroupId})`, tagsFrom(found.Tags), context);
  return { id: found.GroupId, corrections: {} };
}
