import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accessKeyOf, deploymentOf } from './access-keys.ts';

const secret = Buffer.alloc(32, 7);

it('gives every deployment a key of its own, the same each time, and its id tells whose it is', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (one, other) => {
      const key = accessKeyOf(secret, one);
      expect(accessKeyOf(secret, one.toUpperCase())).toEqual(key);
      expect(deploymentOf(key.accessKeyId)).toBe(one);
      expect(key.accessKeyId).toMatch(/^[A-Za-z0-9]{16,128}$/);
      if (one !== other) expect(accessKeyOf(secret, other).secretAccessKey).not.toBe(key.secretAccessKey);
      expect(accessKeyOf(Buffer.alloc(32, 8), one).secretAccessKey).not.toBe(key.secretAccessKey);
    }),
  );
});

it.each(['', 'AKIAIOSFODNN7EXAMPLE', 'RLTABLE', 'RLTABLE00000000000000000000000000000000x', 'rltable00000000000000000000000000000000'])(
  'takes %j for nobody',
  (id) => {
    expect(deploymentOf(id)).toBeUndefined();
  },
);
