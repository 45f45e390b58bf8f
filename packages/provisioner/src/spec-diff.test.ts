import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffSpecs, specHash, variablesOf } from './spec-diff.ts';
import type { WorkloadSpec } from './workload.ts';

const spec: WorkloadSpec = {
  deploymentId: 'd',
  releaseId: 'r',
  name: 'n',
  image: 'sha256:one',
  cpu: 256,
  memoryMiB: 512,
  port: 8000,
  path: '/mcp',
  env: { A: '1', B: '2' },
  secrets: { KEY: 'hunter2' },
  database: false,
  assumeRoles: {},
};

describe('diffSpecs', () => {
  it.each<[string, Partial<WorkloadSpec>, object[]]>([
    ['nothing', {}, []],
    ['the release and the name', { releaseId: 'other', name: 'other' }, []],
    ['the order of variables', { env: { B: '2', A: '1' } }, []],
    ['a path that is undefined where it was', { path: undefined }, [{ field: 'path', before: '/mcp' }]],
    ['a new variable', { env: { A: '1', B: '2', C: '' } }, [{ field: 'env.C', after: '' }]],
    ['a secret', { secrets: { KEY: 'hunter3' } }, [{ field: 'secrets.KEY', before: '***', after: '***' }]],
    [
      'secrets that come and go',
      { secrets: { NEW: 'x' } },
      [
        { field: 'secrets.NEW', after: '***' },
        { field: 'secrets.KEY', before: '***' },
      ],
    ],
    [
      'numbers',
      { cpu: 512, memoryMiB: 1024 },
      [
        { field: 'cpu', before: '256', after: '512' },
        { field: 'memoryMiB', before: '512', after: '1024' },
      ],
    ],
    [
      'scaling',
      { scaling: { minReplicas: 1, maxReplicas: 2 } },
      [
        { field: 'scaling.maxReplicas', after: '2' },
        { field: 'scaling.minReplicas', after: '1' },
      ],
    ],
    ['a role', { assumeRoles: { S3: 'arn:x' } }, [{ field: 'assumeRoles.S3', after: 'arn:x' }]],
  ])('tells %s', (_name, changes, expected) => {
    expect(diffSpecs(spec, { ...spec, ...changes })).toEqual(expected);
  });

  it('takes every field as new where nothing runs', () => {
    expect(diffSpecs(undefined, spec).map(({ field }) => field)).toEqual([
      'image',
      'cpu',
      'memoryMiB',
      'port',
      'path',
      'database',
      'env.A',
      'env.B',
      'secrets.KEY',
    ]);
  });

  it('never shows the value of a secret [SEC-1]', () => {
    const values = fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), fc.stringMatching(/^secret[0-9]{9}$/));
    fc.assert(
      fc.property(values, values, (before, after) => {
        expect(JSON.stringify(diffSpecs({ ...spec, secrets: before }, { ...spec, secrets: after }))).not.toMatch(/secret\d/);
      }),
    );
  });
});

describe('specHash', () => {
  it('is the same for specs that need no work, and for other values of secrets', () => {
    expect(specHash({ ...spec, releaseId: 'x', name: 'y', env: { B: '2', A: '1' }, secrets: { KEY: 'hunter3' } })).toBe(specHash(spec));
  });

  it.each<Partial<WorkloadSpec>>([{ image: 'x' }, { port: 1 }, { path: undefined }, { env: {} }, { secrets: {} }, { database: true }])(
    'differs for %j',
    (changes) => {
      expect(specHash({ ...spec, ...changes })).not.toBe(specHash(spec));
    },
  );
});

it('lets the platform win where a secret has the name of one of its variables [CFG-8]', () => {
  expect(variablesOf({ ...spec, env: { A: 'platform' }, secrets: { A: 'user', B: 'user' } })).toEqual({ A: 'platform', B: 'user' });
});
