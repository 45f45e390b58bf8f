import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBaseImage } from '@runlayer/local-docker';
import { inRepository, run, startPlatform, type Platform } from '@runlayer/local-platform';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relayTo, type Relay } from './conformance-relay.ts';
import { countByStatus, runSuite, worseChecks, type Check, type Checks } from './conformance-suite.ts';
import { docker } from './deployments.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const fixture = 'tests/fixtures/conformance';

/** How many checks the fixture passes. The tasks extension is optional, and the SDK has no server for it. */
const revisions = [
  { revision: '2025-03-26', passed: 3, failed: 0 },
  { revision: '2025-06-18', passed: 56, failed: 0 },
  { revision: '2025-11-25', passed: 84, failed: 0 },
  { revision: '2026-07-28', passed: 164, failed: 30 },
] as const;

it('sees a check that became worse or went missing, and lets notes be', () => {
  const checks = (...found: readonly [string, Check['status']][]): Checks =>
    new Map(found.map(([id, status]) => [id, { id, name: id, status }]));
  const direct = checks(
    ['same', 'SUCCESS'],
    ['worse', 'SUCCESS'],
    ['untried', 'SUCCESS'],
    ['gone', 'WARNING'],
    ['better', 'FAILURE'],
    ['note', 'INFO'],
  );
  const through = checks(['same', 'SUCCESS'], ['worse', 'WARNING'], ['untried', 'INFO'], ['better', 'SUCCESS'], ['new', 'FAILURE']);
  expect(worseChecks(direct, through)).toEqual([
    'worse: SUCCESS became WARNING.',
    'untried: SUCCESS became INFO.',
    'gone: WARNING became missing.',
    'new: missing became FAILURE.',
  ]);
});

describeWith(await dockerMissing(), 'the official conformance suite', () => {
  let platform: Platform;
  let workspace: Workspace;
  let relay: Relay;
  let hosted: string;
  let connector: string;

  beforeAll(async () => {
    await ensureBaseImage(docker, 'node:24-slim');
    const built = await run(inRepository('node_modules/.bin/pnpm'), ['--dir', inRepository(fixture), 'run', 'build']);
    expect(built, built.stderr).toMatchObject({ code: 0 });
    platform = await startPlatform();
    workspace = await createWorkspace(platform, fixture);
    const deployed = await workspace.runlayer(['deploy', '--json']);
    expect(deployed, deployed.stderr + deployed.stdout).toMatchObject({ code: 0 });
    const id = /^id: (\S+)$/m.exec(await readFile(join(workspace.folder, 'runlayer.yaml'), 'utf8'))?.[1] ?? '';
    const made = await platform.api<{ id: string }>('POST', '/servers', {
      name: 'conformance',
      deployment_id: id,
      transport: 'streaming-http',
    });
    hosted = `${platform.url}/api/v1/proxy/hosted/${id}/mcp`;
    connector = `${platform.url}/api/v1/proxy/${made.id}/mcp`;
    relay = await relayTo(id, 8000);
  });

  afterAll(async () => {
    await workspace.runlayer(['deploy', 'destroy', '--yes', '--delete-all']);
    await platform.stop();
    await workspace.remove();
    relay.close();
  });

  describe.each(revisions)('of $revision', ({ revision, passed, failed }) => {
    let direct: Checks;

    beforeAll(async () => {
      direct = await runSuite(revision, `${relay.origin}/mcp`);
    });

    it('is passed by the server itself, save for an extension that it does not offer', () => {
      const failures = [...direct].filter(([, { status }]) => status === 'FAILURE' || status === 'WARNING').map(([key]) => key);
      expect(failures.filter((key) => !key.startsWith('tasks-'))).toEqual([]);
      expect(failures).toHaveLength(failed);
      expect(countByStatus(direct)).toMatchObject({ SUCCESS: passed });
    });

    it.each([
      ['deployment', () => hosted],
      ['connector', () => connector],
    ])('has no check that is worse through the %s URL [PROXY-1]', async (_kind, url) => {
      const through = await runSuite(revision, url(), platform.adminKey);
      expect(worseChecks(direct, through)).toEqual([]);
      expect(countByStatus(through)).toMatchObject({ SUCCESS: passed });
    });
  });
});
