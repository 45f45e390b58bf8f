// What tests of signing keys have in common: time that passes in the database, and what the tables and the log of changes say.
import { sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { rawRows } from '../database/raw-rows.ts';
import type { SigningKeyView } from '../signing-keys/signing-keys.ts';
import type { Bench } from './bench.ts';

/** As if so many seconds had passed since everything that happened to the keys. */
export async function passed(database: Database, seconds: number): Promise<void> {
  const columns = ['created_at', 'published_at', 'requested_at', 'promoted_at', 'retired_at', 'removed_at', 'revoked_at'];
  const earlier = columns.map((name) => sql`${sql.identifier(name)} = ${sql.identifier(name)} - ${`${seconds} seconds`}::interval`);
  await database.query((db) => db.execute(sql`update signing_keys set ${sql.join(earlier, sql`, `)}`));
}

/** Every row of the table, as it is. */
export async function keyRows(database: Database): Promise<readonly { kid: string; state: string; sealed_private_jwk: string | null }[]> {
  return database.query((db) => rawRows(db, sql`select * from signing_keys order by created_at desc, kid desc`));
}

/** The states of the keys, newest first. */
export async function keyStates({ control, admin }: Bench): Promise<readonly string[]> {
  return (await control.signingKeys.list(admin)).map(({ state }) => state);
}

/** The only key in this state. */
export async function keyIn({ control, admin }: Bench, state: SigningKeyView['state']): Promise<SigningKeyView> {
  const found = (await control.signingKeys.list(admin)).filter((key) => key.state === state);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} keys are ${state}`);
  return found[0];
}

/** What was done to keys, oldest first: verb, actor and details. */
export async function keyHistory({
  control,
  admin,
}: Bench): Promise<readonly { verb: string; kid: string; by: string; before: unknown; after: unknown }[]> {
  const { items } = await control.audit.list(admin, { limit: 100 });
  return items
    .filter(({ target }) => target.type === 'signing_key')
    .map(({ action, target, actor, before, after }) => ({
      verb: action.split('.')[1] ?? '',
      kid: target.name,
      by: actor.name,
      before,
      after,
    }))
    .toReversed();
}

/** The names of the published keys. */
export function publishedKids({ control }: Bench): readonly string[] {
  return control.signingKeys.published().map(({ kid }) => kid);
}

/** So many more retired keys, which nothing was ever signed with. */
export async function retiredKeys({ database, admin }: Bench, count: number): Promise<void> {
  await database.query((db) =>
    db.execute(sql`
      insert into signing_keys (id, organization_id, kid, public_jwk, state, created_at, published_at, promoted_at, retired_at)
      select gen_random_uuid(), ${admin.organizationId}, 'former ' || n, json_build_object('x', 'x', 'kid', 'former ' || n), 'retired', t, t, t, t
      from generate_series(1, ${count}::int) n, (select now() - interval '1 minute' as t) times`),
  );
}
