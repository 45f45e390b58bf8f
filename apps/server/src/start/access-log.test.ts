// The line of a call: one JSON object with ids and numbers, and nothing that a caller could hide or smuggle in it.
import type { AccessRecord } from '@runlayer/proxy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callLine, createAccessLog } from './access-log.ts';

const record = (fields: Partial<AccessRecord> = {}): AccessRecord => ({
  requestId: '11111111-1111-4111-8111-111111111111',
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  durationMs: 31.26,
  firstByteMs: 4.04,
  kind: 'hosted',
  routeId: '22222222-2222-4222-8222-222222222222',
  organizationId: '33333333-3333-4333-8333-333333333333',
  subject: { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'canary@example.com' },
  method: 'POST',
  path: '/canary',
  mcp: { method: 'tools/call', name: 'echo', batch: false, source: 'body' },
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  status: 200,
  bytesSent: 120,
  bytesReceived: 80,
  outcome: 'complete',
  ...fields,
});
const parsed = (fields?: Partial<AccessRecord>): unknown => JSON.parse(callLine(record(fields)));

describe('callLine', () => {
  it('tells who called what, how it went, how much and how long', () => {
    expect(parsed()).toEqual({
      level: 'info',
      time: '2026-01-02T03:04:05.037Z',
      msg: 'call',
      requestId: '11111111-1111-4111-8111-111111111111',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      kind: 'hosted',
      routeId: '22222222-2222-4222-8222-222222222222',
      organizationId: '33333333-3333-4333-8333-333333333333',
      caller: { type: 'user', userId: 'u' },
      method: 'POST',
      mcpMethod: 'tools/call',
      mcpName: 'echo',
      status: 200,
      bytesIn: 80,
      bytesOut: 120,
      firstByteMs: 4,
      ms: 31.3,
      outcome: 'complete',
    });
  });

  it('tells for whom an agent acts [ID-2]', () => {
    const subject = { subjectType: 'obo', organizationId: 'o', userId: 'u', userEmail: 'e', agentId: 'a', agentName: 'n' } as const;
    expect(parsed({ subject })).toMatchObject({ caller: { type: 'obo', userId: 'u', agentId: 'a' } });
    const agent = { subjectType: 'agent', organizationId: 'o', agentId: 'a', agentName: 'n' } as const;
    expect(parsed({ subject: agent })).toMatchObject({ caller: { type: 'agent', agentId: 'a' } });
  });

  it('leaves out what is not known', () => {
    const bare = { organizationId: undefined, subject: undefined, mcp: undefined, traceId: undefined, firstByteMs: undefined, routeId: '' };
    expect(
      Object.keys(parsed({ ...bare, kind: 'none', status: 401, outcome: 'refused', code: 'ERR_PROXY_UNAUTHENTICATED' }) as object),
    ).toEqual(['level', 'time', 'msg', 'requestId', 'kind', 'method', 'status', 'bytesIn', 'bytesOut', 'ms', 'outcome', 'code']);
  });

  it('says when it has a name from a header only, or the first of several', () => {
    expect(parsed({ mcp: { method: 'tools/call', batch: true, source: 'headers' } })).toMatchObject({
      mcpBatch: true,
      mcpSource: 'headers',
    });
  });

  it('holds no e-mail, no name and no path [SEC-1]', () => {
    expect(callLine(record())).not.toContain('canary');
  });

  it('is one line of JSON and short, whatever stands in the record', () => {
    const any = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(any, any, any, any, (routeId, name, method, id) => {
        const subject = { subjectType: 'agent', organizationId: 'o', agentId: id, agentName: 'n' } as const;
        const line = callLine(record({ routeId, subject, mcp: { method, name, batch: false, source: 'body' } }));
        expect(line.endsWith('}\n') && line.indexOf('\n') === line.length - 1 && line.length < 6_000).toBe(true);
        expect(JSON.parse(line)).toMatchObject({ msg: 'call', outcome: 'complete' });
      }),
    );
  });
});

it('gives each call to the log', () => {
  const lines: string[] = [];
  const log = createAccessLog({ line: (line) => void lines.push(line) });
  log(record());
  log(record({ status: 500 }));
  expect(lines.map((line) => (JSON.parse(line) as { status: number }).status)).toEqual([200, 500]);
});
