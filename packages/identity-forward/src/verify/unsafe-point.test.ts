import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { platformKey } from '../test-vectors/craft.ts';
import { readKeySet } from './key-set.ts';
import { isUnsafePoint } from './unsafe-point.ts';
import { readyWebKey } from './web-signature.ts';

const x = platformKey.jwk.x;
const plain = Buffer.from(x, 'base64url').toString('hex');
const ff = 'ff'.repeat(30);

it.each([
  ['the identity', `01${'00'.repeat(31)}`, true],
  ['the identity with its sign turned', `01${'00'.repeat(30)}80`, true],
  ['the point of order 2', `ec${ff}7f`, true],
  ['the point of order 2 with its sign turned', `ec${ff}ff`, true],
  ['a point of order 4', '00'.repeat(32), true],
  ['the other point of order 4', `${'00'.repeat(31)}80`, true],
  ['a point of order 8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', true],
  ['a point of order 8 with its sign turned', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa', true],
  ['another point of order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', true],
  ['another point of order 8 with its sign turned', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85', true],
  ['zero spelled as the prime', `ed${ff}7f`, true],
  ['one spelled as above the prime', `ee${ff}ff`, true],
  ['the largest coordinate that 255 bits spell', `ff${ff}7f`, true],
  ['a coordinate just below the prime', `eb${ff}7f`, false],
  ['a coordinate that ends like the prime', `ed${'ff'.repeat(29)}fe7f`, false],
  ['a coordinate near one', `02${'00'.repeat(31)}`, false],
  ['the key of the platform', plain, false],
])('knows of %s whether it is unsafe [ID-5]', async (_name, hex, unsafe) => {
  const bytes = Buffer.from(hex, 'hex');
  expect(isUnsafePoint(bytes)).toBe(unsafe);
  if (!unsafe) return;
  // Nor is it taken as a key under its own fingerprint.
  const point = bytes.toString('base64url');
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x: point }))
    .digest('base64url');
  await expect(readKeySet({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: point, kid }] }, readyWebKey)).rejects.toMatchObject({
    message: expect.stringContaining('no usable'),
  });
});
