// Stores an uploaded configuration and image: what the next release takes.
import type { Config } from '@runlayer/config-schema';
import { configurationRecord, maskConfig, readConfig, resolvePlatform } from '@runlayer/config-schema';
import { eq } from 'drizzle-orm';
import { by, changedFields, writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import { fail } from '../error-codes.ts';
import { asUuid } from '../ids.ts';
import type { Principal } from '../principal.ts';
import { deployments } from '../schema/index.ts';
import type { DeploymentRow } from './deployment-rows.ts';
import { findDeployment, lockDeployment, refuseDeleted } from './deployment-rows.ts';
import type { Pinned } from './image-reference.ts';
import { resolveSoon, uploadedReference } from './image-reference.ts';
import { sealEnv } from './sealed-env.ts';
import { unsupportedParts } from './unsupported.ts';

/** What is uploaded. */
export interface Upload {
  readonly yaml: string;
  readonly dockerImage?: string | undefined;
}

/** Checks everything before the first write, then stores all of it or nothing. */
export async function updateDeployment(context: Context, principal: Principal, id: string, upload: Upload): Promise<DeploymentRow> {
  const before = await context.database.query((db) => findDeployment(db, principal, id));
  refuseDeleted(before);
  const config = readConfig(upload.yaml);
  refuseForeignId(config, before);
  refuseUnsupported(config, context);
  const reference = await referenceOf(config, upload, before, context.repository);
  const kept = reference === before.imageReference && upload.dockerImage === undefined && config.mode === 'build';
  const pinned = kept ? pinnedOf(before) : await resolveSoon(context, reference, resolvePlatform(config).platform);
  refuseOtherPlatform(config, pinned);
  return store(context, principal, id, config, reference, pinned);
}

async function store(
  context: Context,
  principal: Principal,
  id: string,
  config: Config,
  reference: string,
  pinned: Pinned | undefined,
): Promise<DeploymentRow> {
  return context.database.transaction(async (tx) => {
    const before = await lockDeployment(tx, principal, id);
    refuseDeleted(before);
    const stored = {
      name: config.name,
      config: maskConfig(config),
      sealedEnv: sealEnv(context, config.env, { of: 'deployment', id: before.id }),
      imageReference: reference,
      pinnedImage: pinned?.image ?? null,
      imagePlatform: pinned?.platform ?? null,
      updatedAt: context.now(),
    };
    const [row] = await tx.update(deployments).set(stored).where(eq(deployments.id, before.id)).returning();
    const target = { type: 'deployment', id: before.id, name: config.name } as const;
    const { changed: _changed, ...difference } = changedFields(shown(before), shown({ ...before, ...stored }));
    await writeAudit(tx, { ...by(principal), action: 'deployment.updated', target, ...difference, at: context.now() });
    return row ?? before;
  });
}

/** What the audit log shows of a configuration: names of variables, no values. */
function shown(row: Pick<DeploymentRow, 'config' | 'imageReference' | 'pinnedImage'>): Record<string, unknown> {
  if (row.config === null) return {};
  const { env, ...record } = configurationRecord(row.config);
  return { ...record, env: Object.keys(env), image: row.imageReference, pinned_image: row.pinnedImage };
}

function refuseForeignId(config: Config, row: DeploymentRow): void {
  if (config.id === undefined || asUuid(config.id) === row.id) return;
  throw fail('ERR_DEPLOYMENT_ID_MISMATCH', `The file belongs to the deployment ${config.id}, not to ${row.id}.`);
}

function refuseUnsupported(config: Config, { provisioner }: Context): void {
  const issues = unsupportedParts(config, provisioner);
  if (issues.length === 0) return;
  throw fail('ERR_DEPLOYMENT_UNSUPPORTED', issues.map(({ path, message }) => `${path}: ${message}`).join('\n'), { issues });
}

async function referenceOf(
  config: Config,
  { dockerImage }: Upload,
  before: DeploymentRow,
  repository: Context['repository'],
): Promise<string> {
  if (config.image !== undefined) return uploadedReference(config.image, undefined);
  if (dockerImage !== undefined) return uploadedReference(dockerImage, await repository());
  if (before.config?.mode === 'build' && before.imageReference !== null) return before.imageReference;
  throw fail('ERR_DEPLOYMENT_IMAGE_MISSING', `No image of the deployment ${before.name} was uploaded yet.`);
}

function pinnedOf({ pinnedImage, imagePlatform }: DeploymentRow): Pinned | undefined {
  return pinnedImage === null || imagePlatform === null ? undefined : { image: pinnedImage, platform: imagePlatform };
}

function refuseOtherPlatform(config: Config, pinned: Pinned | undefined): void {
  const { platform, stated } = resolvePlatform(config);
  if (!stated || pinned === undefined || platform === undefined || pinned.platform === platform) return;
  throw fail('ERR_DEPLOYMENT_PLATFORM', `The image is built for ${pinned.platform}, but the file states ${platform}.`, {
    hint: `Set infrastructure.platform (and build.platform) to ${pinned.platform}, or build the image for ${platform}.`,
  });
}
