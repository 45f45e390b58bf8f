// The listener that containers fetch the identity keys from.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlPlaneErrors } from '@runlayer/control-plane';
import { errorMaker } from '@runlayer/errors';
import { generateSigningKey } from '@runlayer/identity-forward/sign';
import { expect, it } from 'vitest';
import { createLog } from '../http/logger.ts';
import { stopServing } from './stop-serving.ts';
import { openWorkloadKeys } from './workload-keys.ts';

const key = generateSigningKey();
const published = [key];
const signingKeys = { published: () => published, maxAgeSeconds: 300 };
const path = '/.well-known/runlayer-identity-forward.jwks.json';
const folder = () => mkdtempSync(join(tmpdir(), 'workload-keys-'));
const openIn = async (dataDir: string, bridge = '127.0.0.1', written: string[] = []) => {
  const keys = await openWorkloadKeys(dataDir, bridge, createLog('info', { write: (line) => written.push(line) }));
  if (keys === undefined) throw new Error('no listener');
  return { ...keys, local: keys.url.replace('host.docker.internal', '127.0.0.1') };
};

it('serves the public keys and nothing else [ID-4]', async () => {
  const keys = await openIn(folder());
  expect((await fetch(keys.local)).status).toBe(503);
  keys.serve(signingKeys);
  const answer = await fetch(keys.local);
  expect(await answer.json()).toEqual({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: key.x, kid: key.kid, alg: 'EdDSA', use: 'sig' }] });
  expect(answer.headers.get('cache-control')).toBe('public, max-age=300, must-revalidate');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const again = await fetch(keys.local, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
  for (const other of ['/', '/health', '/api/v1/users/me', `${path}/`, `${path}/../../health`]) {
    expect((await fetch(new URL(other, keys.local))).status).toBe(404);
  }
  expect((await fetch(keys.local, { method: 'POST' })).status).toBe(405);
  const head = await fetch(keys.local, { method: 'HEAD' });
  expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, answer.headers.get('etag'), '']);
  await stopServing(keys.server, 0);
});

it('serves no set that is too old to be told [ID-4]', async () => {
  const keys = await openIn(folder());
  keys.serve({
    published() {
      throw errorMaker(controlPlaneErrors)('ERR_SIGNING_KEYS_STALE', 'The signing keys could not be read for 45 minutes.');
    },
    maxAgeSeconds: 1,
  });
  const answer = await fetch(keys.local);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(await answer.json()).toMatchObject({ code: 'ERR_SIGNING_KEYS_STALE' });
  await stopServing(keys.server, 0);
});

it('keeps its port over restarts, and says so when it cannot', async () => {
  const dataDir = folder();
  const first = await openIn(dataDir);
  await stopServing(first.server, 0);
  const second = await openIn(dataDir);
  expect(second.url).toBe(first.url);
  const written: string[] = [];
  const third = await openIn(dataDir, undefined, written);
  expect(third.url).not.toBe(first.url);
  expect(written.join('')).toContain('the port of the identity keys is taken');
  await Promise.all([second, third].map(({ server }) => stopServing(server, 0)));
});

it('listens on loopback where the bridge is in a virtual machine', async () => {
  const keys = await openIn(folder(), '203.0.113.1');
  keys.serve(signingKeys);
  expect((await fetch(keys.local)).status).toBe(200);
  await stopServing(keys.server, 0);
});
