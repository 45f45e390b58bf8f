// How many tasks a service runs, and the policies by which Application Auto Scaling changes that.
import {
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
  type ScalableTarget,
  type ScalingPolicy,
  type TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import type { Service } from '@aws-sdk/client-ecs';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { codeOf, isNotFound, reasonOf, settled, spreadingMs, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';

const kind = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;

/** What is registered for a deployment. */
export interface ScalingState {
  readonly target: ScalableTarget;
  readonly policies: readonly ScalingPolicy[];
}

/** How many tasks an apply asks for: what scaling has found right stays, within its bounds. */
export function wantedCount({ options }: AwsContext, { scaling }: Pick<WorkloadSpec, 'scaling'>, service: Service | undefined): number {
  if (scaling === undefined) return 1;
  if (!options.scaling || service === undefined) return scaling.minReplicas;
  return Math.min(Math.max(service.desiredCount ?? 1, scaling.minReplicas), scaling.maxReplicas);
}

/** Reads the scalable target of a deployment, and its policies. */
export async function readScaling(context: AwsContext, deploymentId: string): Promise<ScalingState | undefined> {
  const { clients, signal } = context;
  const id = resourceOf(context, deploymentId);
  const targets = new DescribeScalableTargetsCommand({ ...kind, ResourceIds: [id] });
  const target = (await clients.autoscaling.send(targets, { abortSignal: signal })).ScalableTargets?.[0];
  if (target === undefined) return undefined;
  const found = await clients.autoscaling.send(new DescribeScalingPoliciesCommand({ ...kind, ResourceId: id }), { abortSignal: signal });
  return { target, policies: found.ScalingPolicies ?? [] };
}

function resourceOf({ options, names }: AwsContext, deploymentId: string): string {
  return `service/${options.cluster}/${names(deploymentId).service}`;
}

/** Registers, corrects or removes scaling as the spec says. Nothing is asked of a target without it. */
export async function ensureScaling(context: AwsContext, spec: WorkloadSpec): Promise<void> {
  if (!context.options.scaling) return;
  const wanted = policiesOf(context, spec);
  const found = await readScaling(context, spec.deploymentId);
  if (spec.scaling === undefined) return found === undefined ? undefined : removeScaling(context, spec.deploymentId);
  const { minReplicas, maxReplicas } = spec.scaling;
  if (found?.target.MinCapacity !== minReplicas || found.target.MaxCapacity !== maxReplicas) {
    await register(context, spec.deploymentId, { MinCapacity: minReplicas, MaxCapacity: maxReplicas }, found === undefined);
  }
  for (const [name, policy] of Object.entries(wanted)) {
    const there = found?.policies.find(({ PolicyName }) => PolicyName === name)?.TargetTrackingScalingPolicyConfiguration;
    if (!isEqual(there, policy)) await put(context, spec.deploymentId, name, policy);
  }
  for (const { PolicyName = '' } of found?.policies ?? [])
    if (!(PolicyName in wanted)) await removePolicy(context, spec.deploymentId, PolicyName);
}

/**
 * AWS takes tags for a new target only, and refuses the whole call where there is one.
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
async function register(
  context: AwsContext,
  deploymentId: string,
  bounds: Required<Pick<RegisterScalableTargetCommandInput, 'MinCapacity' | 'MaxCapacity'>>,
  isNew: boolean,
): Promise<void> {
  const { clients, tags, signal } = context;
  const target = { ...kind, ResourceId: resourceOf(context, deploymentId), ...bounds };
  const send = (input: RegisterScalableTargetCommandInput): Promise<unknown> =>
    settled(context, () => clients.autoscaling.send(new RegisterScalableTargetCommand(input), { abortSignal: signal }));
  if (isNew) {
    const isThere = await send({ ...target, Tags: { ...tags(deploymentId) } }).then(() => false, unlessTagged);
    if (!isThere) return;
  }
  await send(target);
}

/** The answer to the first registration was lost, or another apply was faster. */
function unlessTagged(error: unknown): true {
  if (codeOf(error) === 'ValidationException' && /already exists/i.test(reasonOf(error))) return true;
  throw error;
}

/** Policies by name. The traffic is what Container Insights counts, so the cluster must have it switched on. */
function policiesOf(
  { options, names }: AwsContext,
  { deploymentId, scaling }: WorkloadSpec,
): Record<string, TargetTrackingScalingPolicyConfiguration> {
  const policies: Record<string, TargetTrackingScalingPolicyConfiguration> = {};
  if (scaling?.targetCpuPercent !== undefined) {
    policies['cpu'] = {
      TargetValue: scaling.targetCpuPercent,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    };
  }
  if (scaling?.targetNetworkMibPerSecond !== undefined) {
    policies['network'] = {
      TargetValue: scaling.targetNetworkMibPerSecond * 1024 * 1024,
      CustomizedMetricSpecification: {
        Namespace: 'ECS/ContainerInsights',
        MetricName: 'NetworkTxBytes',
        Dimensions: [
          { Name: 'ClusterName', Value: options.cluster },
          { Name: 'ServiceName', Value: names(deploymentId).service },
        ],
        Statistic: 'Average',
        Unit: 'Bytes/Second',
      },
    };
  }
  return policies;
}

function isEqual(found: TargetTrackingScalingPolicyConfiguration | undefined, wanted: TargetTrackingScalingPolicyConfiguration): boolean {
  const told = ({
    TargetValue,
    PredefinedMetricSpecification: predefined,
    CustomizedMetricSpecification: custom,
  }: TargetTrackingScalingPolicyConfiguration): string =>
    JSON.stringify([TargetValue, predefined?.PredefinedMetricType, custom?.MetricName]);
  return found !== undefined && told(found) === told(wanted);
}

async function put(
  context: AwsContext,
  deploymentId: string,
  PolicyName: string,
  policy: TargetTrackingScalingPolicyConfiguration,
): Promise<void> {
  const { clients, signal } = context;
  const command = new PutScalingPolicyCommand({
    ...kind,
    ResourceId: resourceOf(context, deploymentId),
    PolicyName,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: policy,
  });
  // The target may have been registered just now.
  await settled(context, () => clients.autoscaling.send(command, { abortSignal: signal }), isNotFound, spreadingMs);
}

async function removePolicy(context: AwsContext, deploymentId: string, PolicyName: string): Promise<void> {
  const { clients, signal } = context;
  const command = new DeleteScalingPolicyCommand({ ...kind, ResourceId: resourceOf(context, deploymentId), PolicyName });
  await unlessGone(clients.autoscaling.send(command, { abortSignal: signal }));
}

/** Takes the service out of scaling; its policies go with it. Gone already is fine. */
export async function removeScaling(context: AwsContext, deploymentId: string): Promise<void> {
  const { clients, options, signal } = context;
  if (!options.scaling || (await readScaling(context, deploymentId)) === undefined) return;
  const command = new DeregisterScalableTargetCommand({ ...kind, ResourceId: resourceOf(context, deploymentId) });
  await unlessGone(settled(context, () => clients.autoscaling.send(command, { abortSignal: signal })));
}
