// When the platform opens the tables of deployments, and what it says of it.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createLog } from '../http/logger.ts';
import { readSettings } from '../settings/read-settings.ts';
import { dockerTarget } from './docker-target.ts';
import { listen } from './listen.ts';
import { type PlatformTables, platformTables, tablesFolder } from './tables.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});
const newSettings = () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'server-tables-'));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  return readSettings({ RUNLAYER_DATA_DIR: dataDir });
};
async function open(settings: ReturnType<typeof newSettings>, written: string[] = []): Promise<PlatformTables> {
  const tables = platformTables(settings, async () => '127.0.0.1');
  undo.push(() => tables.close());
  await tables.resume(createLog('info', { write: (line) => written.push(line) }));
  return tables;
}

it('offers tables on Docker, so that enable_db is accepted [CFG-6]', () => {
  expect(dockerTarget(newSettings()).provisioner.features.database).toBe(true);
});

it('makes nothing until a table is wanted, and finds it again at the next start [CFG-6]', async () => {
  const [settings, id] = [newSettings(), randomUUID()];
  const first = await open(settings);
  expect(await first.hasTable(id)).toBe(false);
  expect(existsSync(tablesFolder(settings))).toBe(false);
  const access = await first.access(id);
  await first.ensureTable(id);
  await first.close();
  const second = await open(settings);
  expect(await second.hasTable(id)).toBe(true);
  expect(await second.access(id)).toEqual(access);
  await second.removeTable(id);
  expect(await second.hasTable(id)).toBe(false);
});

it('warns where the port that containers know is taken', async () => {
  const settings = newSettings();
  const first = await open(settings);
  await first.ensureTable(randomUUID());
  await first.close();
  const squatter = createServer();
  await listen(squatter, '127.0.0.1', Number(readFileSync(join(tablesFolder(settings), 'gateway.port'), 'utf8')));
  undo.push(() => squatter.close());
  const written: string[] = [];
  await open(settings, written);
  expect(written.join('')).toContain("the port of the tables' gateway is taken");
});

it('tries again to open what could not be opened', async () => {
  const [settings, id] = [newSettings(), randomUUID()];
  const tables = await open(settings);
  writeFileSync(tablesFolder(settings), 'in the way');
  await expect(tables.ensureTable(id)).rejects.toMatchObject({ code: 'ERR_TABLES_FOLDER' });
  rmSync(tablesFolder(settings));
  await tables.ensureTable(id);
  expect(await tables.hasTable(id)).toBe(true);
});
