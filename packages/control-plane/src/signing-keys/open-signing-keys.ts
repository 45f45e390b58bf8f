// The signing keys alone, over a database: for an operator's command, without a worker and a target.
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { earliestTakeover } from '@runlayer/identity-forward/sign';
import { silent } from '../context.ts';
import type { Database } from '../database/database.ts';
import { fail } from '../error-codes.ts';
import { asUuid } from '../ids.ts';
import type { Logger } from '../options.ts';
import type { OperatorPrincipal } from '../principal.ts';
import { organizations } from '../schema/index.ts';
import { checkCanary } from '../sealing/canary.ts';
import type { Sealer } from '../sealing/sealer.ts';
import { createSigningKeys } from './create-signing-keys.ts';
import type { RingContext } from './ring-context.ts';
import { ringTiming } from './ring-context.ts';
import { readAll, toRingKey } from './ring-rows.ts';
import type { Rotation, SigningKeys, SigningKeyTiming } from './signing-keys.ts';

/** What {@link openSigningKeys} needs. */
export interface OpenSigningKeysOptions {
  readonly database: Database;
  /** The one that the platform runs with. */
  readonly sealer: Sealer;
  /** UUID of the organization. Default: the first one of the database. */
  readonly organization?: string | undefined;
  /** As the platform has it. */
  readonly timing?: SigningKeyTiming | undefined;
  /** Default: the system's clock. Steps use the database's. */
  readonly clock?: (() => Date) | undefined;
  /** Default: silent. */
  readonly logger?: Logger | undefined;
}

/** Signing keys that nothing keeps up to date by itself. */
export interface OpenedSigningKeys extends SigningKeys {
  readonly organizationId: string;
  /** Who the operator of a command is, such as `runlayer-server keys`; audit rows name it. */
  operator(command: string): OperatorPrincipal;
  /** Reads the keys and takes the steps that are due, as every server does each second. */
  refresh(): Promise<void>;
  /** Resolves when a rotation that was put off is done, by whichever server; looks each second. Rejects with the signal's reason. */
  untilDone(rotation: Rotation, options?: { readonly signal?: AbortSignal | undefined }): Promise<Rotation>;
}

/** How often a rotation that was put off is looked at, ms. */
const lookEveryMs = 1_000;

/**
 * Opens the signing keys of a database that a platform uses or used, also while it runs. Throws `ERR_DATABASE_EMPTY` when no platform was
 * started on it yet, `ERR_SEAL_KEY_WRONG` when it was sealed with other keys, `ERR_INPUT_INVALID` for an unusable timing.
 */
export async function openSigningKeys(options: OpenSigningKeysOptions): Promise<OpenedSigningKeys> {
  const { database, sealer, clock: now = () => new Date(), logger = silent } = options;
  const organizationId = await findOrganization(database, options.organization);
  await checkCanary(database, sealer, organizationId);
  const context = { database, sealer, now, logger, newId: randomUUID, organizationId, timing: ringTiming(options.timing) };
  const { keys, watch } = await createSigningKeys(context);
  return {
    ...keys,
    organizationId,
    // A copy of the keys' own would stay as it was.
    get maxAgeSeconds() {
      return keys.maxAgeSeconds;
    },
    operator: (command) => ({ type: 'operator', organizationId, role: 'admin', command }),
    refresh: () => watch.look(),
    async untilDone(rotation, { signal } = {}) {
      let latest = rotation;
      while (!latest.done) {
        await watch.look();
        latest = await lookAt(context, rotation);
        if (!latest.done) await setTimeout(lookEveryMs, undefined, signal === undefined ? {} : { signal });
      }
      return latest;
    },
  };
}

async function findOrganization(database: Database, wanted: string | undefined): Promise<string> {
  const id = wanted === undefined ? undefined : asUuid(wanted);
  const rows = await database.query((db) => db.select({ id: organizations.id }).from(organizations).orderBy(organizations.createdAt));
  const found = wanted === undefined ? rows[0] : rows.find((row) => row.id === id);
  if (found !== undefined) return found.id;
  throw fail(
    'ERR_DATABASE_EMPTY',
    wanted === undefined ? 'The database has no organization yet.' : 'The database has no such organization.',
  );
}

async function lookAt(context: RingContext, { kid }: Rotation): Promise<Rotation> {
  const rows = await context.database.query((db) => readAll(db, context.organizationId));
  const row = rows.find((key) => key.kid === kid);
  if (row?.state === 'next') {
    return { done: false, kid, at: new Date(earliestTakeover(toRingKey(row), context.timing)).toISOString() };
  }
  if (row?.promotedAt) return { done: true, kid, at: row.promotedAt.toISOString() };
  throw fail('ERR_SIGNING_KEY_NOT_FOUND', 'The key that was to take over was revoked before it did.');
}
