// Every call that the package makes for a deployment, and the permission it takes. A test compares this list with the source.
import { type CallTable, grantMaker } from './grants.ts';
import type { ComputeRule, DataRule } from './server-rules.ts';

const on = grantMaker<ComputeRule | DataRule>();
const passRole = on('RolesToTasks', 'iam:PassRole');
const tagNewEcs = on('TagsOfNewEcs', 'ecs:TagResource');
/** What Application Auto Scaling asks of its caller at the service. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/auto-scaling-IAM.html */
const scaledService = on('Services', 'ecs:DescribeServices', 'ecs:UpdateService');

/**
 * It also sees whether its caller may describe alarms, without naming one.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
const readAlarms = on('NoResource', 'cloudwatch:DescribeAlarms');

/**
 * The table. Actions and what they can be scoped to are those of the Service Authorization Reference.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const serverCalls: CallTable<ComputeRule | DataRule> = {
  // Needs no permission. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  'sts.GetCallerIdentity': [],
  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
  'sts.AssumeRole': [on('PushRole', 'sts:AssumeRole')],

  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
  'ecs.DescribeClusters': [on('Cluster', 'ecs:DescribeClusters')],
  'ecs.CreateService': [on('Services', 'ecs:CreateService'), tagNewEcs, passRole],
  'ecs.UpdateService': [on('Services', 'ecs:UpdateService'), passRole],
  'ecs.DeleteService': [on('Services', 'ecs:DeleteService')],
  'ecs.DescribeServices': [on('Services', 'ecs:DescribeServices')],
  'ecs.ListServices': [on('ListsOfCluster', 'ecs:ListServices')],
  'ecs.ListTasks': [on('ListsOfCluster', 'ecs:ListTasks')],
  'ecs.DescribeTasks': [on('Tasks', 'ecs:DescribeTasks')],
  'ecs.RunTask': [on('TrialTasks', 'ecs:RunTask'), tagNewEcs, passRole],
  'ecs.StopTask': [on('OwnTasks', 'ecs:StopTask')],
  'ecs.RegisterTaskDefinition': [on('TaskDefinitions', 'ecs:RegisterTaskDefinition'), tagNewEcs, passRole],
  'ecs.DescribeTaskDefinition': [on('NoResource', 'ecs:DescribeTaskDefinition')],
  'ecs.ListTaskDefinitions': [on('NoResource', 'ecs:ListTaskDefinitions')],
  'ecs.ListTaskDefinitionFamilies': [on('NoResource', 'ecs:ListTaskDefinitionFamilies')],
  'ecs.DeregisterTaskDefinition': [on('NoResource', 'ecs:DeregisterTaskDefinition')],
  'ecs.DeleteTaskDefinitions': [on('TaskDefinitions', 'ecs:DeleteTaskDefinitions')],

  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
  'iam.ListRoles': [on('NoResource', 'iam:ListRoles')],
  'iam.GetRole': [on('Roles', 'iam:GetRole')],
  'iam.GetRolePolicy': [on('Roles', 'iam:GetRolePolicy')],
  'iam.ListRolePolicies': [on('Roles', 'iam:ListRolePolicies')],
  'iam.ListAttachedRolePolicies': [on('Roles', 'iam:ListAttachedRolePolicies')],
  'iam.CreateRole': [on('BoundRoles', 'iam:CreateRole'), on('Roles', 'iam:TagRole')],
  'iam.PutRolePolicy': [on('BoundRoles', 'iam:PutRolePolicy')],
  'iam.PutRolePermissionsBoundary': [on('BoundRoles', 'iam:PutRolePermissionsBoundary')],
  'iam.TagRole': [on('Roles', 'iam:TagRole')],
  'iam.UpdateAssumeRolePolicy': [on('Roles', 'iam:UpdateAssumeRolePolicy')],
  'iam.DeleteRolePolicy': [on('Roles', 'iam:DeleteRolePolicy')],
  'iam.DetachRolePolicy': [on('Roles', 'iam:DetachRolePolicy')],
  'iam.DeleteRole': [on('Roles', 'iam:DeleteRole')],

  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
  'ec2.DescribeSubnets': [on('NoResource', 'ec2:DescribeSubnets')],
  'ec2.DescribeSecurityGroups': [on('NoResource', 'ec2:DescribeSecurityGroups')],
  'ec2.DescribeNetworkInterfaces': [on('NoResource', 'ec2:DescribeNetworkInterfaces')],
  'ec2.CreateSecurityGroup': [
    on('NewSecurityGroups', 'ec2:CreateSecurityGroup'),
    on('Vpc', 'ec2:CreateSecurityGroup'),
    on('TagsOfNewSecurityGroups', 'ec2:CreateTags'),
  ],
  'ec2.CreateTags': [on('SecurityGroups', 'ec2:CreateTags')],
  'ec2.AuthorizeSecurityGroupIngress': [on('SecurityGroups', 'ec2:AuthorizeSecurityGroupIngress')],
  'ec2.RevokeSecurityGroupIngress': [on('SecurityGroups', 'ec2:RevokeSecurityGroupIngress')],
  'ec2.DeleteSecurityGroup': [on('SecurityGroups', 'ec2:DeleteSecurityGroup')],

  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
  'cloudwatch-logs.DescribeLogGroups': [on('NoResource', 'logs:DescribeLogGroups')],
  'cloudwatch-logs.CreateLogGroup': [on('Logs', 'logs:CreateLogGroup', 'logs:TagResource')],
  'cloudwatch-logs.TagResource': [on('Logs', 'logs:TagResource')],
  'cloudwatch-logs.ListTagsForResource': [on('Logs', 'logs:ListTagsForResource')],
  'cloudwatch-logs.PutRetentionPolicy': [on('Logs', 'logs:PutRetentionPolicy')],
  'cloudwatch-logs.DescribeLogStreams': [on('Logs', 'logs:DescribeLogStreams')],
  'cloudwatch-logs.GetLogEvents': [on('Logs', 'logs:GetLogEvents')],
  'cloudwatch-logs.DeleteLogGroup': [on('Logs', 'logs:DeleteLogGroup')],

  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
  'secrets-manager.ListSecrets': [on('NoResource', 'secretsmanager:ListSecrets')],
  'secrets-manager.CreateSecret': [on('Secrets', 'secretsmanager:CreateSecret', 'secretsmanager:TagResource')],
  'secrets-manager.DescribeSecret': [on('Secrets', 'secretsmanager:DescribeSecret')],
  'secrets-manager.GetSecretValue': [on('Secrets', 'secretsmanager:GetSecretValue')],
  'secrets-manager.PutSecretValue': [on('Secrets', 'secretsmanager:PutSecretValue')],
  'secrets-manager.RestoreSecret': [on('Secrets', 'secretsmanager:RestoreSecret')],
  'secrets-manager.DeleteSecret': [on('Secrets', 'secretsmanager:DeleteSecret')],

  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
  'dynamodb.ListTables': [on('NoResource', 'dynamodb:ListTables')],
  'dynamodb.CreateTable': [on('Tables', 'dynamodb:CreateTable', 'dynamodb:TagResource')],
  'dynamodb.DescribeTable': [on('Tables', 'dynamodb:DescribeTable')],
  'dynamodb.DescribeTimeToLive': [on('Tables', 'dynamodb:DescribeTimeToLive')],
  'dynamodb.DescribeContinuousBackups': [on('Tables', 'dynamodb:DescribeContinuousBackups')],
  'dynamodb.ListTagsOfResource': [on('Tables', 'dynamodb:ListTagsOfResource')],
  'dynamodb.TagResource': [on('Tables', 'dynamodb:TagResource')],
  'dynamodb.UpdateTable': [on('Tables', 'dynamodb:UpdateTable')],
  'dynamodb.UpdateTimeToLive': [on('Tables', 'dynamodb:UpdateTimeToLive')],
  'dynamodb.UpdateContinuousBackups': [on('Tables', 'dynamodb:UpdateContinuousBackups')],
  'dynamodb.DeleteTable': [on('Tables', 'dynamodb:DeleteTable')],

  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
  'ecr.GetAuthorizationToken': [on('NoResource', 'ecr:GetAuthorizationToken')],
  'ecr.DescribeRepositories': [on('Images', 'ecr:DescribeRepositories')],
  'ecr.DescribeImages': [on('Images', 'ecr:DescribeImages')],
  'ecr.BatchGetImage': [on('Images', 'ecr:BatchGetImage')],
  'ecr.GetDownloadUrlForLayer': [on('Images', 'ecr:GetDownloadUrlForLayer')],
  'ecr.PutImage': [on('Images', 'ecr:PutImage')],
  'ecr.BatchDeleteImage': [on('Images', 'ecr:BatchDeleteImage')],

  // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
  'application-auto-scaling.DescribeScalableTargets': [on('NoResource', 'application-autoscaling:DescribeScalableTargets')],
  'application-auto-scaling.DescribeScalingPolicies': [on('NoResource', 'application-autoscaling:DescribeScalingPolicies')],
  'application-auto-scaling.RegisterScalableTarget': [
    on('ScalableTargets', 'application-autoscaling:RegisterScalableTarget'),
    on('TagsOfNewTargets', 'application-autoscaling:TagResource'),
    scaledService,
  ],
  'application-auto-scaling.PutScalingPolicy': [
    on('ScalableTargets', 'application-autoscaling:PutScalingPolicy'),
    on('Alarms', 'cloudwatch:PutMetricAlarm'),
    readAlarms,
    scaledService,
  ],
  'application-auto-scaling.DeleteScalingPolicy': [
    on('ScalableTargets', 'application-autoscaling:DeleteScalingPolicy'),
    on('Alarms', 'cloudwatch:DeleteAlarms'),
  ],
  'application-auto-scaling.DeregisterScalableTarget': [
    on('ScalableTargets', 'application-autoscaling:DeregisterScalableTarget'),
    on('Alarms', 'cloudwatch:DeleteAlarms'),
  ],
};
