// Signing keys behind a running server, as the commands ask for them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { Ring } from './ring.ts';
import { serverRing } from './server-ring.ts';
import { waitForRotation } from './wait.ts';

let server: TestServer;
let ring: Ring;
const because = 'The data folder is used by process 1.';
beforeAll(async () => {
  server = await startTestServer({ RUNLAYER_KEY_LEAD_SECONDS: '4' });
  ring = serverRing({ url: server.url, apiKey: server.adminKey, because, lookEveryMs: 20 });
}, 60_000);
afterAll(() => server.stop(), 30_000);

const notes: string[] = [];
const terminal = { note: (text: string) => void notes.push(text), isInteractive: true };
const never = new AbortController().signal;

it('waits for a rotation that a server makes, and counts down on a terminal [ID-4]', async () => {
  await ring.rotate({ now: true });
  const asked = await ring.rotate({ now: false });
  expect(asked.done).toBe(false);
  const done = await waitForRotation(ring, asked, 4, terminal, never);
  expect(done).toMatchObject({ done: true, kid: asked.kid });
  expect(Date.parse(done.at)).toBeGreaterThanOrEqual(Date.parse(asked.at));
  expect(notes[0]).toMatch(/^\r.\[KWaiting, \d s left \(Ctrl-C stops waiting only\)$/);
  expect(notes.at(-1)).toBe('\r\u001b[K');
});

it('waits no more when the key was revoked meanwhile, or when it is told to stop [ID-4]', async () => {
  const asked = await ring.rotate({ now: false });
  await expect(waitForRotation(ring, asked, 4, terminal, AbortSignal.abort(new Error('Ctrl-C')))).rejects.toThrow('Ctrl-C');
  await ring.revoke(asked.kid);
  await expect(waitForRotation(ring, asked, 4, terminal, never)).rejects.toMatchObject({
    code: 'ERR_KEYS_WAIT',
    message: expect.stringContaining('was revoked'),
  });
});

it('says whom it asked in vain', async () => {
  const silent = serverRing({ url: 'http://127.0.0.1:1', apiKey: server.adminKey, because });
  await expect(silent.list()).rejects.toMatchObject({
    code: 'ERR_KEYS_NO_ANSWER',
    message: `${because} No server answers at http://127.0.0.1:1.`,
  });
});
