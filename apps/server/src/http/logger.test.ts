// Log lines hold what was chosen and nothing else.
import { fail, serverErrors } from '../error-codes.ts';
import { expect, it } from 'vitest';
import { createLog, errorFields } from './logger.ts';

it('writes one JSON object a line, from the least level on', () => {
  const written: string[] = [];
  const log = createLog('warn', { write: (line) => written.push(line) });
  log.info('quiet');
  log.warn('loud', { port: 1 });
  expect(written).toHaveLength(1);
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ level: 'warn', msg: 'loud', port: 1, time: expect.stringMatching(/Z$/) });
});

it('keeps the message of a foreign error out: it may quote input [SEC-1]', () => {
  const fields = errorFields(Object.assign(new TypeError('password=canary'), { code: 'E1' }));
  expect(fields).toMatchObject({ error: 'TypeError', code: 'E1' });
  expect(JSON.stringify(fields)).not.toContain('canary');
});

it('tells code, message and cause of our own', () => {
  const fields = errorFields(fail('ERR_LISTEN', 'Port taken.', { cause: new Error('canary') }));
  expect(fields).toMatchObject({ code: 'ERR_LISTEN', detail: 'Port taken.', cause: { error: 'Error' } });
  expect(JSON.stringify(fields)).not.toContain('canary');
});

it.each(Object.entries(serverErrors))('%s has a title, a status and a hint', (_code, entry) => {
  expect(entry.title).not.toBe('');
  expect(entry.status).toBeGreaterThanOrEqual(400);
  expect(entry.hint).not.toBe('');
});

it('passes on lines that are JSON already, where their level is wanted', () => {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  for (const level of ['debug', 'info', 'warn', 'silent']) createLog(level, destination).line(`{"at":"${level}"}\n`);
  expect(written).toEqual(['{"at":"debug"}\n', '{"at":"info"}\n']);
});
