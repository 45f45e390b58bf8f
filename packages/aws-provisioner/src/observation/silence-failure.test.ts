import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPatience } from '../apply/patience.ts';
import { silenceFailure } from './silence-failure.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([
  [{ kind: 'path_missing', status: 404 }, 'mcp_path_missing'],
  [{ kind: 'silent', connected: true }, 'unhealthy'],
  [{ kind: 'silent', connected: false }, 'not_listening'],
] as const)('reads %j as %s [PLAT-4]', (answer, code) => {
  const failure = silenceFailure(8000, '/mcp', answer, ['a line']);
  expect(failure).toMatchObject({ code, evidence: { lastLines: ['a line'] } });
  expect(failure.message).toMatch(/8000/);
  expect(failure.fix).toMatch(/\.$/);
});

it('is patient with silence, less so with a missing path, and begins anew when the answer changes', () => {
  const silent = silenceFailure(8000, undefined, { kind: 'silent', connected: false });
  const missing = silenceFailure(8000, '/mcp', { kind: 'path_missing', status: 404 });
  const patience = createPatience({ graceMs: 1000, healthTimeoutMs: 5000 });
  expect(patience.isOver(silent)).toBe(false);
  vi.advanceTimersByTime(4000);
  expect([patience.isOver(silent), patience.isOver(missing)]).toEqual([false, false]);
  vi.advanceTimersByTime(1000);
  expect(patience.isOver(missing)).toBe(true);
  expect(patience.isOver(silent)).toBe(false);
  vi.advanceTimersByTime(5000);
  expect(patience.isOver(silent)).toBe(true);
});
