// An IAM role with inline policies: made once, then only ever changed in place, since others bind to its unique id.
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  type Role,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { isNotFound, settled, spreadingMs, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { ecsTasksTrustPolicy } from '../policies/ecs-tasks-trust-policy.ts';
import { type PolicyDocument, policyText, samePolicy } from '../policies/policy-document.ts';
import { demandOwned, missingTags, tagList, type Tags, tagsFrom } from '../tags.ts';
import { partitionOf } from './arns.ts';
import { readOrCreate } from './read-or-create.ts';

/** A role as IAM has it. */
export interface RoleState {
  readonly name: string;
  readonly arn: string;
  /** Unique id, `AROA…`: what a customer's trust policy is bound to. It lasts as long as the role does. */
  readonly id: string;
  readonly tags: Tags;
  readonly boundary: string | undefined;
  /** As IAM hands it out, percent-encoded. */
  readonly trust: string;
  /** Inline policies by name, as IAM hands them out. */
  readonly policies: Readonly<Record<string, string>>;
}

/** What a role should be. */
export interface WantedRole {
  readonly name: string;
  readonly deploymentId: string;
  /** For people who meet it in the console. */
  readonly description: string;
  /** Inline policies by name; those that are `undefined` or not named are removed. */
  readonly policies: Readonly<Record<string, PolicyDocument | undefined>>;
}

/** Reads a role with its inline policies. */
export async function readRole(ctx: AwsContext, name: string): Promise<RoleState | undefined> {
  const found = await unlessGone(ctx.clients.iam.send(new GetRoleCommand({ RoleName: name }), { abortSignal: ctx.signal }));
  if (found?.Role === undefined) return undefined;
  return stateOf(name, found.Role, await readPolicies(ctx, name));
}

function stateOf(name: string, role: Role, policies: Readonly<Record<string, string>>): RoleState {
  return {
    name,
    arn: role.Arn ?? '',
    id: role.RoleId ?? '',
    tags: tagsFrom(role.Tags),
    // IAM answers a role without a boundary with none; an empty text is an emulator's word for it.
    boundary: role.PermissionsBoundary?.PermissionsBoundaryArn || undefined,
    trust: role.AssumeRolePolicyDocument ?? '',
    policies,
  };
}

async function readPolicies(ctx: AwsContext, name: string): Promise<Record<string, string>> {
  const policies: Record<string, string> = {};
  for (const policy of await policyNames(ctx, name)) {
    const get = new GetRolePolicyCommand({ RoleName: name, PolicyName: policy });
    const found = await unlessGone(ctx.clients.iam.send(get, { abortSignal: ctx.signal }));
    if (found?.PolicyDocument !== undefined) policies[policy] = found.PolicyDocument;
  }
  return policies;
}

async function policyNames(ctx: AwsContext, name: string): Promise<string[]> {
  const names: string[] = [];
  const pages = paginateListRolePolicies({ client: ctx.clients.iam }, { RoleName: name }, { abortSignal: ctx.signal });
  // A role that went away between two calls has no policies.
  await unlessGone(
    (async () => {
      for await (const page of pages) names.push(...(page.PolicyNames ?? []));
    })(),
  );
  return names;
}

/** Names of what a role lacks or has too much; empty when {@link ensureRole} would change nothing. */
export function roleChanges(ctx: AwsContext, role: RoleState | undefined, wanted: WantedRole, trust: PolicyDocument): string[] {
  if (role === undefined) return ['role'];
  const { permissionsBoundary } = ctx.options;
  return [
    ...(samePolicy(role.trust, trust) ? [] : ['trust']),
    ...(permissionsBoundary === undefined || role.boundary === permissionsBoundary ? [] : ['boundary']),
    ...(Object.keys(missingTags(role.tags, ctx.tags(wanted.deploymentId))).length === 0 ? [] : ['tags']),
    ...policyChanges(role, wanted).map((name) => `policies.${name}`),
  ];
}

function policyChanges(role: RoleState, { policies }: WantedRole): string[] {
  const names = [...new Set([...Object.keys(role.policies), ...Object.keys(policies)])];
  return names.filter((name) => {
    const document = policies[name];
    return document === undefined ? role.policies[name] !== undefined : !samePolicy(role.policies[name], document);
  });
}

/** Who may take on a role of ours: ECS tasks of the platform's account and region. */
export async function tasksTrust(ctx: AwsContext): Promise<PolicyDocument> {
  return ecsTasksTrustPolicy({ partition: partitionOf(ctx.region), region: ctx.region, account: await ctx.account() });
}

/**
 * Makes the role, or changes in place what differs. It is never replaced: not for another path, another boundary, or when no policy is left.
 * A boundary that it has is only ever exchanged for the one that is set, never taken away.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a role with this name is not this deployment's.
 */
export async function ensureRole(ctx: AwsContext, wanted: WantedRole): Promise<RoleState> {
  const trust = await tasksTrust(ctx);
  const role = await readOrCreate(
    ctx,
    `the role ${wanted.name} exists`,
    () => readRole(ctx, wanted.name),
    () => createRole(ctx, wanted, trust),
  );
  demandOwned(`The role ${wanted.name}`, role.tags, ctx.tags(wanted.deploymentId));
  for (const change of roleChanges(ctx, role, wanted, trust)) {
    // IAM may not know yet the role it has just made.
    await settled(ctx, () => applyChange(ctx, wanted, change, trust), isNotFound, spreadingMs);
  }
  return role;
}

async function createRole(ctx: AwsContext, wanted: WantedRole, trust: PolicyDocument): Promise<RoleState | undefined> {
  const tags = ctx.tags(wanted.deploymentId);
  const { permissionsBoundary } = ctx.options;
  const create = new CreateRoleCommand({
    RoleName: wanted.name,
    Path: ctx.names(wanted.deploymentId).rolePath,
    Description: wanted.description,
    AssumeRolePolicyDocument: policyText(trust),
    PermissionsBoundary: permissionsBoundary,
    Tags: tagList(tags),
  });
  const { Role: role } = await settled(ctx, () => ctx.clients.iam.send(create, { abortSignal: ctx.signal }));
  // The answer to a creation may leave out what it was given.
  return role && { ...stateOf(wanted.name, role, {}), tags, trust: policyText(trust), boundary: permissionsBoundary };
}

async function applyChange(
  ctx: AwsContext,
  { name, deploymentId, policies }: WantedRole,
  change: string,
  trust: PolicyDocument,
): Promise<void> {
  const { iam } = ctx.clients;
  const abort = { abortSignal: ctx.signal };
  const role = { RoleName: name };
  if (change === 'trust') {
    await iam.send(new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument: policyText(trust) }), abort);
  } else if (change === 'boundary') {
    await iam.send(new PutRolePermissionsBoundaryCommand({ ...role, PermissionsBoundary: ctx.options.permissionsBoundary }), abort);
  } else if (change === 'tags') {
    await iam.send(new TagRoleCommand({ ...role, Tags: tagList(ctx.tags(deploymentId)) }), abort);
  } else {
    const PolicyName = change.slice('policies.'.length);
    const document = policies[PolicyName];
    if (document === undefined) await unlessGone(iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName }), abort));
    else await iam.send(new PutRolePolicyCommand({ ...role, PolicyName, PolicyDocument: policyText(document) }), abort);
  }
}

/**
 * Removes the role with everything that hangs on it. Gone already is fine.
 *
 * @throws `ERR_AWS_FOREIGN_OWNER` When a role with this name is not this deployment's.
 */
export async function removeRole(ctx: AwsContext, name: string, deploymentId: string): Promise<void> {
  const role = await readRole(ctx, name);
  if (role === undefined) return;
  demandOwned(`The role ${name}`, role.tags, ctx.tags(deploymentId));
  // Its policies are listed anew each time: a list of IAM may lack what was put just now, and then IAM refuses to delete the role.
  await settled(ctx, () => unlessGone(strip(ctx, name)));
}

async function strip(ctx: AwsContext, name: string): Promise<void> {
  const { iam } = ctx.clients;
  const abort = { abortSignal: ctx.signal };
  for (const PolicyName of await policyNames(ctx, name)) {
    await unlessGone(iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName }), abort));
  }
  for (const PolicyArn of await attachedPolicies(ctx, name)) {
    await unlessGone(iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn }), abort));
  }
  await iam.send(new DeleteRoleCommand({ RoleName: name }), abort);
}

/** We attach none, but a role that somebody else attached one to cannot be removed with it. */
async function attachedPolicies(ctx: AwsContext, name: string): Promise<string[]> {
  const arns: string[] = [];
  const pages = paginateListAttachedRolePolicies({ client: ctx.clients.iam }, { RoleName: name }, { abortSignal: ctx.signal });
  await unlessGone(
    (async () => {
      for await (const page of pages) arns.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []));
    })(),
  );
  return arns;
}
