// A canary in every value of `env` is in no byte that the control plane stores, answers or throws.
import { sql } from 'drizzle-orm';
import type { Provisioner } from '@runlayer/provisioner';
import { createMemoryProvisioner } from '@runlayer/provisioner/memory';
import { describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { rawRows } from '../database/raw-rows.ts';
import { createBench, deployed, until, yaml } from './bench.ts';

const canary = 'cAnAry-7f3a9e-s3cret/+=';
const lines = ['-----BEGIN KEY-----', 'cAnAryLine1AAAA', 'cAnAryLine2BBBB', '-----END KEY-----'];

export function secrecySuite(open: () => Database): void {
  describe('secrecy', () => {
    it('keeps the values of env out of everything [SEC-1]', async () => {
      const said: unknown[] = [];
      const inner = createMemoryProvisioner();
      let calls = 0;
      const leaky: Provisioner = {
        ...inner,
        plan: async (spec) => {
          calls += 1;
          if (calls === 1) throw new Error(`cannot run with ${canary}`);
          return inner.plan(spec);
        },
        async *apply() {
          for (const line of [
            canary,
            ...lines,
            encodeURIComponent(canary),
            Buffer.from(`user:${canary}`).toString('base64'),
            JSON.stringify({ k: lines.join('\n') }),
          ]) {
            yield { type: 'log', line: `leak ${line} leak` };
          }
          yield {
            type: 'failed',
            failure: {
              code: 'exited_at_start',
              message: `exited: ${canary}`,
              fix: canary,
              evidence: { lastLines: lines, listening: [canary] },
            },
          };
        },
        async *destroy(id, options) {
          calls += 1;
          if (calls === 3) throw new Error(`cannot remove ${canary}`);
          yield* inner.destroy(id, options);
        },
        async *logs() {
          yield { time: '2030-01-01T00:00:00Z', stream: 'stdout', line: `leak ${canary} ${lines[1]}` };
        },
      };
      const note = (message: string, fields?: unknown) => void said.push([message, fields]);
      const bench = await createBench(open(), { provisioner: leaky, logger: { info: note, warn: note, error: note } });
      const { control, admin } = bench;
      await control.start();
      const env = `env:\n  TOKEN: '${canary}'\n  KEY: |\n${lines.map((line) => `    ${line}\n`).join('')}`;
      const { deployment, release } = await deployed(bench, yaml(env));
      expect(release.status).toBe('failed');
      const broken = yaml(env).replace('cpu: 256', 'cpu: 3');
      said.push(
        deployment,
        release,
        await control.releases.log(admin, release.id),
        await control.deployments.exportYaml(admin, deployment.id),
        await control.deployments.validate(admin, broken),
        (await control.audit.list(admin)).items,
      );
      said.push(
        await control.deployments
          .update(admin, deployment.id, { yaml: broken })
          .catch((error: unknown) => [error, JSON.stringify(error), (error as Error).stack]),
      );
      for await (const line of control.deployments.logs(admin, deployment.id)) said.push(line);
      said.push(await everyRow(bench.database));
      await control.deployments.destroy(admin, deployment.id);
      said.push(
        await until(
          () => control.deployments.get(admin, deployment.id),
          ({ deletionStatus, deletionFailure }) => deletionStatus === 'deleted' || deletionFailure !== null,
        ),
      );
      await control.stop();
      said.push(await everyRow(bench.database));
      const text = JSON.stringify(said);
      expect(text).toContain('leak *** leak');
      for (const secret of ['cAnAry', encodeURIComponent(canary), Buffer.from(canary).toString('base64').slice(0, 16)])
        expect(text).not.toContain(secret);
    });
  });
}

async function everyRow(database: Database): Promise<unknown[]> {
  const tables = await database.query((db) =>
    rawRows<{ tablename: string }>(db, sql`select tablename from pg_tables where schemaname = 'public'`),
  );
  const rows: unknown[] = [];
  for (const { tablename } of tables) rows.push(await database.query((db) => rawRows(db, sql`select * from ${sql.identifier(tablename)}`)));
  return rows;
}
