// The verbs and the worker on a real Postgres, and what only several servers on one database can show.
import { describeWith, postgresMissing, temporaryPostgres, type TemporaryPostgres } from '@runlayer/test-services';
import { afterAll, beforeAll } from 'vitest';
import type { Database } from './database/database.ts';
import { openDatabase } from './database/open-database.ts';
import { behaviourSuite } from './suite/behaviour.suite.ts';
import { serversSuite } from './suite/servers.suite.ts';
import { signingKeyServersSuite } from './suite/signing-key-servers.suite.ts';
import { signingKeyUpgradeSuite } from './suite/signing-key-upgrade.suite.ts';

describeWith(postgresMissing(), 'on Postgres', () => {
  let server: TemporaryPostgres;
  let url: string;
  let database: Database;
  let former: string | undefined;
  beforeAll(async () => {
    server = await temporaryPostgres();
    url = await server.fresh();
    database = await openDatabase({ url });
  }, 120_000);
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  behaviourSuite(() => database);
  signingKeyServersSuite(() => url);
  signingKeyUpgradeSuite(async () => openDatabase({ url: (former ??= await server.fresh()) }));
  serversSuite(
    () => url,
    () => server.fresh(),
  );
});
