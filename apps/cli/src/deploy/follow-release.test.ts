import { createClient } from '@runlayer/api/client';
import { describe, expect, it } from 'vitest';
import type { Report, ReportEvent } from '../output/report.ts';
import { followRelease } from './follow-release.ts';

/** An answer to a reading of the release: a status with the log so far, or a status code of HTTP. */
type Reading = { readonly status: string; readonly logs?: readonly string[] } | number;

function follow(readings: readonly Reading[], options: { readonly timeoutSeconds?: number; readonly signal?: AbortSignal } = {}) {
  const told: string[] = [];
  let at = -1;
  let now = 0;
  const fetch = async (request: string | URL | Request): Promise<Response> => {
    const url = new URL((request as Request).url);
    const isLog = url.pathname.endsWith('/logs');
    if (!isLog) at = Math.min(at + 1, readings.length - 1);
    const reading = readings[at] ?? 500;
    if (typeof reading === 'number') return Response.json({ detail: 'no' }, { status: reading });
    const lines = reading.logs ?? [];
    const after = Number(url.searchParams.get('after') ?? 0);
    return Response.json(isLog ? { logs: lines.slice(after).join('\n'), lines: lines.length } : { id: 'r', status: reading.status });
  };
  const client = createClient({ host: 'http://127.0.0.1', apiKey: 'k', fetch });
  const report = { event: (event: ReportEvent) => event.type === 'log' && told.push(String(event['line'])) } as unknown as Report;
  const pause = async (milliseconds: number): Promise<void> => void (now += milliseconds);
  const { timeoutSeconds = 900, signal } = options;
  const done = followRelease({ deploymentId: 'd', releaseId: 'r', timeoutSeconds, now: () => now, pause }, { client, report, signal });
  return { done, told, seconds: () => now / 1000 };
}

describe('a release that is followed', () => {
  it('tells each line of its log once, and is returned as it ended [CLI-3]', async () => {
    const { done, told } = follow([
      { status: 'queued' },
      { status: 'running', logs: ['a'] },
      { status: 'running', logs: ['a', 'b', 'c'] },
      { status: 'succeeded', logs: ['a', 'b', 'c', 'd'] },
    ]);
    expect(await done).toMatchObject({ status: 'succeeded' });
    expect(told).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each(['succeeded', 'failed', 'cancelled'])('ends when it is %s [CLI-3]', async (status) => {
    expect(await follow([{ status: 'running' }, { status }]).done).toMatchObject({ status });
  });

  it('outlasts a server that is away for some seconds', async () => {
    const { done } = follow([{ status: 'running' }, 503, 502, 429, 500, { status: 'succeeded' }]);
    expect(await done).toMatchObject({ status: 'succeeded' });
  });

  it('gives up on a server that stays away, after half a minute', async () => {
    const { done, seconds } = follow([{ status: 'running' }, 503]);
    await expect(done).rejects.toMatchObject({ status: 503 });
    expect(seconds()).toBeGreaterThan(29);
    expect(seconds()).toBeLessThan(40);
  });

  it.each([401, 403, 404])('ends at once when the server answers %s', async (status) => {
    const { done, seconds } = follow([{ status: 'running' }, status]);
    await expect(done).rejects.toMatchObject({ status });
    expect(seconds()).toBe(1);
  });

  it('ends at the deadline with the ids and the command to go on [CLI-3]', async () => {
    const { done } = follow([{ status: 'running' }], { timeoutSeconds: 5 });
    await expect(done).rejects.toMatchObject({
      code: 'ERR_CLI_UNFINISHED',
      data: { deployment_id: 'd', release_id: 'r' },
      hint: expect.stringContaining('runlayer deploy watch d') as string,
    });
  });

  it('ends on Ctrl-C with the command to go on [CLI-3]', async () => {
    const { done } = follow([{ status: 'running' }], { signal: AbortSignal.abort() });
    await expect(done).rejects.toMatchObject({ code: 'ERR_CLI_INTERRUPTED', hint: expect.stringContaining('deploy watch d') as string });
  });
});
