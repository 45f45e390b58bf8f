// The verb `plan`: what an apply would change, found out by reading.
import { type Change, diffSpecs, type Plan, type WorkloadSpec } from '@runlayer/provisioner';
import { withoutShadowed } from '@runlayer/provisioner/driver';
import { monthlyEstimate } from '@runlayer/fargate-sizing';
import type { AwsContext } from '../calls/context.ts';
import { type FoundationsSeen, readFoundations } from './foundations.ts';
import { findImage } from '../image/registry-image.ts';
import { demandPlatform, specFailure } from './preflight.ts';
import { isSame } from '../resources/definition.ts';
import { type Running, readRunning } from '../observation/running.ts';
import { statusOf } from '../observation/status.ts';

/** Compares the spec with what runs, and with what the tasks stand on. */
export async function planOnAws(context: AwsContext, given: WorkloadSpec): Promise<Plan> {
  await demandPlatform(context);
  const [image, running] = await Promise.all([findImage(context, given), readRunning(context, given.deploymentId)]);
  const blocker = specFailure(given) ?? image.failure;
  const spec = { ...withoutShadowed(given), platform: image.platform ?? given.platform };
  const plan = { deploymentId: spec.deploymentId, ...(blocker === undefined ? {} : { blocker }) };
  const specChanges = diffSpecs(running?.spec, spec);
  if (running === undefined) return { ...plan, action: 'create', changes: [...specChanges, ...costChange(context, undefined, spec)] };
  const beneath = await readFoundations(context, spec, running);
  const changes = [...specChanges, ...costChange(context, running.spec, spec), ...beneath.changes];
  if (specChanges.length === 0) changes.push(...definitionChange(beneath, running));
  if (changes.length > 0) return { ...plan, action: 'replace', changes };
  const { state } = await statusOf(context, spec.deploymentId, running);
  if (state === 'serving' || state === 'starting') return { ...plan, action: 'none', changes };
  return { ...plan, action: 'replace', changes: [{ field: 'instance', before: state, after: 'serving' }] };
}

/** The same spec may give another task definition: after a change of the platform's settings, or of what lies beneath. */
function definitionChange({ definition: wanted }: FoundationsSeen, { definition: found }: Running): Change[] {
  const isEqual = wanted !== undefined && found !== undefined && isSame(found, wanted, true);
  return isEqual ? [] : [{ field: 'taskDefinition', before: found?.taskDefinitionArn, after: 'a new revision' }];
}

function costChange({ region }: AwsContext, before: WorkloadSpec | undefined, after: WorkloadSpec): Change[] {
  const [old, fresh] = [before === undefined ? undefined : costOf(region, before), costOf(region, after)];
  return old === fresh ? [] : [{ field: 'monthlyCostUsd', before: old, after: fresh }];
}

/** Of the tasks that always run, in US dollars a month; nothing for a region without a price. */
function costOf(region: string, spec: WorkloadSpec): string | undefined {
  const { cpu, memoryMiB, platform = 'x86', scaling } = spec;
  return monthlyEstimate({ cpu, memoryMiB, platform, region, replicas: scaling?.minReplicas ?? 1 })?.toFixed(2);
}
