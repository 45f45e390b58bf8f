import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBuildKitStatus } from './buildkit-status.ts';
import { statusBytes } from './testing/status-bytes.ts';

it('decodes steps, bytes, output and warnings', () => {
  const bytes = statusBytes({
    vertexes: [{ digest: 'sha256:1', name: '[1/2] RUN é', cached: true, started: 1_700_000_000.5, completed: 1_700_000_002, error: 'no' }],
    statuses: [{ id: 'layer', name: 'extracting', current: 300, total: 2 ** 40 }],
    logs: [{ vertex: 'sha256:1', stream: 2, text: 'hi\n' }],
    warnings: ['old'],
  });
  expect(decodeBuildKitStatus(bytes)).toEqual({
    vertexes: [{ digest: 'sha256:1', name: '[1/2] RUN é', cached: true, started: 1_700_000_000.5, completed: 1_700_000_002, error: 'no' }],
    statuses: [{ id: 'layer', name: 'extracting', current: 300, total: 2 ** 40 }],
    logs: [{ vertex: 'sha256:1', stream: 2, message: Buffer.from('hi\n') }],
    warnings: ['old'],
  });
});

it('takes nothing for an empty message', () => {
  expect(decodeBuildKitStatus(new Uint8Array())).toEqual({ vertexes: [], statuses: [], logs: [], warnings: [] });
});

it('throws nothing but RangeError, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeBuildKitStatus(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});
