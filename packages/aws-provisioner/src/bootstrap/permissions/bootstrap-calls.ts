// Every call that the bootstrap makes, and the permission it takes. A test compares this list with the source.
import { platformNamesOf } from '../../platform-names.ts';
import { manager, tagKey } from '../../tags.ts';
import { type CallTable, grantMaker, type Rule } from './grants.ts';
import type { Place } from './place.ts';

/** Names of the rules. */
export type BootstrapRule =
  | 'NoResource'
  | 'ServiceLinkedRoles'
  | 'Cluster'
  | 'Vpc'
  | 'NewSecurityGroup'
  | 'TagsOfNewSecurityGroup'
  | 'Boundary'
  | 'Repository'
  | 'PushRole';

const own = ({ environment }: Place): ReturnType<typeof platformNamesOf> => platformNamesOf(environment);
const securityGroups = (place: Place): string => place.arn('ec2', 'security-group/*');

/** The rules, by the name that the statement gets. The bootstrap makes what has the names of its environment, wherever AWS knows names. */
export const bootstrapRules: Readonly<Record<BootstrapRule, Rule>> = {
  NoResource: () => ({ Resource: '*' }),
  ServiceLinkedRoles: (place) => ({
    Resource: place.iamArn('role/aws-service-role/*'),
    Condition: { StringEquals: { 'iam:AWSServiceName': ['ecs.amazonaws.com', 'ecs.application-autoscaling.amazonaws.com'] } },
  }),
  Cluster: (place) => ({ Resource: place.arn('ecs', `cluster/${own(place).cluster}`) }),
  Vpc: (place) => ({ Resource: place.arn('ec2', `vpc/${place.vpc}`) }),
  NewSecurityGroup: (place) => ({
    Resource: securityGroups(place),
    Condition: {
      StringEquals: { [`aws:RequestTag/${tagKey.managedBy}`]: manager, [`aws:RequestTag/${tagKey.environment}`]: place.environment },
    },
  }),
  TagsOfNewSecurityGroup: (place) => ({
    Resource: securityGroups(place),
    Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
  }),
  Boundary: (place) => ({ Resource: place.permissionsBoundary }),
  Repository: (place) => ({ Resource: place.arn('ecr', `repository/${own(place).repository}`) }),
  PushRole: (place) => ({ Resource: place.pushRole }),
};

const on = grantMaker<BootstrapRule>();

/** The table, as `serverCalls` is one. */
export const bootstrapCalls: CallTable<BootstrapRule> = {
  'iam.ListRoles': [on('NoResource', 'iam:ListRoles')],
  'iam.CreateServiceLinkedRole': [on('ServiceLinkedRoles', 'iam:CreateServiceLinkedRole')],
  'iam.GetPolicy': [on('Boundary', 'iam:GetPolicy')],
  'iam.GetPolicyVersion': [on('Boundary', 'iam:GetPolicyVersion')],
  'iam.ListPolicyVersions': [on('Boundary', 'iam:ListPolicyVersions')],
  'iam.CreatePolicy': [on('Boundary', 'iam:CreatePolicy', 'iam:TagPolicy')],
  'iam.CreatePolicyVersion': [on('Boundary', 'iam:CreatePolicyVersion')],
  'iam.DeletePolicyVersion': [on('Boundary', 'iam:DeletePolicyVersion')],
  'iam.CreateRole': [on('PushRole', 'iam:CreateRole', 'iam:TagRole')],
  'iam.UpdateAssumeRolePolicy': [on('PushRole', 'iam:UpdateAssumeRolePolicy')],
  'iam.PutRolePolicy': [on('PushRole', 'iam:PutRolePolicy')],
  'iam.DeleteRolePolicy': [on('PushRole', 'iam:DeleteRolePolicy')],
  'iam.DetachRolePolicy': [on('PushRole', 'iam:DetachRolePolicy')],
  'iam.ListAttachedRolePolicies': [on('PushRole', 'iam:ListAttachedRolePolicies')],
  'ecs.DescribeClusters': [on('Cluster', 'ecs:DescribeClusters')],
  'ecs.CreateCluster': [on('Cluster', 'ecs:CreateCluster', 'ecs:TagResource')],
  'ecs.UpdateClusterSettings': [on('Cluster', 'ecs:UpdateClusterSettings')],
  'ec2.DescribeSecurityGroups': [on('NoResource', 'ec2:DescribeSecurityGroups')],
  'ec2.CreateSecurityGroup': [
    on('NewSecurityGroup', 'ec2:CreateSecurityGroup'),
    on('Vpc', 'ec2:CreateSecurityGroup'),
    on('TagsOfNewSecurityGroup', 'ec2:CreateTags'),
  ],
  'ecr.DescribeRepositories': [on('Repository', 'ecr:DescribeRepositories')],
  'ecr.ListTagsForResource': [on('Repository', 'ecr:ListTagsForResource')],
  'ecr.GetLifecyclePolicy': [on('Repository', 'ecr:GetLifecyclePolicy')],
  'ecr.CreateRepository': [on('Repository', 'ecr:CreateRepository', 'ecr:TagResource')],
  'ecr.PutLifecyclePolicy': [on('Repository', 'ecr:PutLifecyclePolicy')],
  'ecr.PutImageTagMutability': [on('Repository', 'ecr:PutImageTagMutability')],
  'ecr.PutImageScanningConfiguration': [on('Repository', 'ecr:PutImageScanningConfiguration')],
  // Made by what the bootstrap shares with deployments.
  'sts.GetCallerIdentity': [],
  'ec2.DescribeSubnets': [on('NoResource', 'ec2:DescribeSubnets')],
  'iam.GetRole': [on('PushRole', 'iam:GetRole')],
  'iam.GetRolePolicy': [on('PushRole', 'iam:GetRolePolicy')],
  'iam.ListRolePolicies': [on('PushRole', 'iam:ListRolePolicies')],
};
