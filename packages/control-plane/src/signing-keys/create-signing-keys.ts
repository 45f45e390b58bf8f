// Keeps one current signing key: made at the first start, sealed at rest, read into memory.
import type { SigningKey } from '@runlayer/identity-forward';
import { generateSigningKey, publicJwks } from '@runlayer/identity-forward/sign';
import { and, asc, eq } from 'drizzle-orm';
import { writeAudit } from '../audit/write-audit.ts';
import type { Context } from '../context.ts';
import { systemActor } from '../principal.ts';
import { signingKeys } from '../schema/index.ts';
import type { SigningKeys } from './signing-keys.ts';

const column = 'signing_keys.sealed_private_jwk';

/** The signing keys of an organization. */
export async function createSigningKeys(context: Context, organizationId: string): Promise<SigningKeys> {
  const { database, sealer } = context;
  await ensureCurrent(context, organizationId);
  const rows = await database.query((db) =>
    db.select().from(signingKeys).where(eq(signingKeys.organizationId, organizationId)).orderBy(asc(signingKeys.createdAt)),
  );
  const row = rows.find(({ state }) => state === 'current');
  if (row === undefined) throw new TypeError('there is no current signing key');
  const current = JSON.parse(sealer.open(row.sealedPrivateJwk, { row: row.id, column })) as SigningKey;
  const published = publicJwks(rows.map(({ publicJwk }) => publicJwk)).keys;
  return { current: () => current, published: () => published };
}

async function ensureCurrent({ database, sealer, newId, now }: Context, organizationId: string): Promise<void> {
  const wanted = and(eq(signingKeys.organizationId, organizationId), eq(signingKeys.state, 'current'));
  const there = await database.query((db) => db.select({ id: signingKeys.id }).from(signingKeys).where(wanted));
  if (there.length > 0) return;
  const key = generateSigningKey();
  const [publicJwk] = publicJwks([key]).keys;
  if (publicJwk === undefined) throw new TypeError('a key has no public half');
  const id = newId();
  const values = {
    id,
    organizationId,
    kid: key.kid,
    sealedPrivateJwk: sealer.seal(JSON.stringify(key), { row: id, column }),
    publicJwk,
    state: 'current' as const,
    createdAt: now(),
  };
  await database.transaction(async (tx) => {
    // Another server may have made one at the same moment; then that one counts.
    const made = await tx.insert(signingKeys).values(values).onConflictDoNothing().returning();
    const target = { type: 'signing_key', id, name: key.kid } as const;
    if (made.length > 0) await writeAudit(tx, { organizationId, actor: systemActor, action: 'signing_key.created', target, at: now() });
  });
}
