// What the server may do things to: the resources of its own environment's deployments, and nothing else where AWS can tell.
import { namesOf } from '../../names.ts';
import { platformNamesOf } from '../../platform-names.ts';
import { manager, tagKey } from '../../tags.ts';
import { anyDeployment } from '../any-deployment.ts';
import type { Rule } from './grants.ts';
import type { Place } from './place.ts';

const own = ({ environment }: Place): ReturnType<typeof namesOf> => namesOf(environment, anyDeployment);
const resourceTag = `aws:ResourceTag/${tagKey.environment}`;
const taskDefinitions = (place: Place): string => place.arn('ecs', `task-definition/${own(place).family}:*`);
/** Its revision is not known before it is registered, so the family counts by itself too. */
const newTaskDefinitions = (place: Place): readonly string[] => [
  place.arn('ecs', `task-definition/${own(place).family}`),
  taskDefinitions(place),
];
const services = (place: Place): string => place.arn('ecs', `service/${place.cluster}/${own(place).service}`);
const tasks = (place: Place): string => place.arn('ecs', `task/${place.cluster}/*`);
const cluster = (place: Place): string => place.arn('ecs', `cluster/${place.cluster}`);
/** Every role of a deployment, and not the push role, whose name holds no id. */
const roles = (place: Place): string => place.iamArn(`role${own(place).rolePath}runlayer-${place.environment}-${anyDeployment}-*`);
const securityGroups = (place: Place): string => place.arn('ec2', 'security-group/*');
const scalableTargets = (place: Place): string => place.arn('application-autoscaling', 'scalable-target/*');
/** What is made gets the tags of this environment. */
const ownTagsGiven = ({ environment }: Place): Readonly<Record<string, string>> => ({
  [`aws:RequestTag/${tagKey.managedBy}`]: manager,
  [`aws:RequestTag/${tagKey.environment}`]: environment,
});

/** Names of the rules about tasks, their network and their number. */
export type ComputeRule =
  | 'NoResource'
  | 'ListsOfCluster'
  | 'Cluster'
  | 'Services'
  | 'Tasks'
  | 'OwnTasks'
  | 'TaskDefinitions'
  | 'TrialTasks'
  | 'TagsOfNewEcs'
  | 'Vpc'
  | 'NewSecurityGroups'
  | 'TagsOfNewSecurityGroups'
  | 'SecurityGroups'
  | 'ScalableTargets'
  | 'TagsOfNewTargets'
  | 'Alarms';

/** Names of the rules about roles, and about what a deployment keeps. */
export type DataRule = 'Roles' | 'BoundRoles' | 'RolesToTasks' | 'Logs' | 'Secrets' | 'Tables' | 'Images' | 'PushRole';

/**
 * The rules, by the name that the statement gets, in two halves: IAM takes no managed policy that is as long as both.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const computeRules: Readonly<Record<ComputeRule, Rule>> = {
  /** Actions that know no resources, or that are called without one: AWS takes nothing but `*` for them. */
  NoResource: () => ({ Resource: '*' }),
  /** Lists of ECS know the cluster as a condition only. */
  ListsOfCluster: (place) => ({ Resource: '*', Condition: { ArnEquals: { 'ecs:cluster': cluster(place) } } }),
  Cluster: (place) => ({ Resource: cluster(place) }),
  Services: (place) => ({ Resource: services(place) }),
  Tasks: (place) => ({ Resource: tasks(place) }),
  /** The cluster may be one that others use too. */
  OwnTasks: (place) => ({ Resource: tasks(place), Condition: { StringEquals: { [resourceTag]: place.environment } } }),
  TaskDefinitions: (place) => ({ Resource: newTaskDefinitions(place) }),
  TrialTasks: (place) => ({ Resource: taskDefinitions(place), Condition: { ArnEquals: { 'ecs:cluster': cluster(place) } } }),
  /** Tags at creation only. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html */
  TagsOfNewEcs: (place) => ({
    Resource: [services(place), ...newTaskDefinitions(place), tasks(place)],
    Condition: { StringEquals: { 'ecs:CreateAction': ['CreateService', 'RegisterTaskDefinition', 'RunTask'] } },
  }),
  Vpc: (place) => ({ Resource: place.arn('ec2', `vpc/${place.vpc}`) }),
  NewSecurityGroups: (place) => ({ Resource: securityGroups(place), Condition: { StringEquals: ownTagsGiven(place) } }),
  /** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html */
  TagsOfNewSecurityGroups: (place) => ({
    Resource: securityGroups(place),
    Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
  }),
  /** Those of deployments: the proxy's has the environment's tag too, and no deployment's. */
  SecurityGroups: (place) => ({
    Resource: securityGroups(place),
    Condition: { StringEquals: { [resourceTag]: place.environment }, Null: { [`aws:ResourceTag/${tagKey.deployment}`]: 'false' } },
  }),
  /** The ARN of a scalable target holds an id of its own, not the name of the service. */
  ScalableTargets: (place) => ({
    Resource: scalableTargets(place),
    Condition: { StringEquals: { 'application-autoscaling:service-namespace': 'ecs' } },
  }),
  /** Tagging does not carry the namespace: a condition on it would never hold. */
  TagsOfNewTargets: (place) => ({ Resource: scalableTargets(place), Condition: { StringEquals: ownTagsGiven(place) } }),
  /** Target tracking names its alarms so. @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html */
  Alarms: (place) => ({ Resource: place.arn('cloudwatch', `alarm:TargetTracking-service/${place.cluster}/${own(place).service}-*`) }),
};

/** The other half. */
export const dataRules: Readonly<Record<DataRule, Rule>> = {
  Roles: (place) => ({ Resource: roles(place) }),
  /** Without the boundary a role of our making could do more than we may. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
  BoundRoles: (place) => ({
    Resource: roles(place),
    Condition: { StringEquals: { 'iam:PermissionsBoundary': place.permissionsBoundary } },
  }),
  /** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
  RolesToTasks: (place) => ({
    Resource: roles(place),
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  }),
  Logs: (place) => ({ Resource: place.arn('logs', `log-group:/runlayer/${place.environment}/*`) }),
  Secrets: (place) => ({ Resource: place.arn('secretsmanager', `secret:${own(place).secretPrefix}*`) }),
  Tables: (place) => ({ Resource: place.arn('dynamodb', `table/${own(place).table}`) }),
  Images: (place) => ({ Resource: place.arn('ecr', `repository/${platformNamesOf(place.environment).repository}`) }),
  PushRole: (place) => ({ Resource: place.pushRole }),
};
