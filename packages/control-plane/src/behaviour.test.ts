// The verbs and the worker on the embedded database.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Database } from './database/database.ts';
import { openDatabase } from './database/open-database.ts';
import { behaviourSuite } from './suite/behaviour.suite.ts';
import { signingKeyUpgradeSuite } from './suite/signing-key-upgrade.suite.ts';

describe('on the embedded database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runlayer-control-plane-'));
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ dataDir: folder });
  }, 120_000);
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  behaviourSuite(() => database);
  const former = mkdtempSync(join(tmpdir(), 'runlayer-control-plane-'));
  afterAll(() => rmSync(former, { recursive: true, force: true }));
  signingKeyUpgradeSuite(() => openDatabase({ dataDir: former }));
});
