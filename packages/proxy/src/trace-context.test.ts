import { describe, expect, it } from 'vitest';
import { traceIdOf } from './trace-context.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('traceIdOf', () => {
  it.each([
    ['a sampled trace', `00-${id}-00f067aa0ba902b7-01`],
    ['one that is not', `00-${id}-00f067aa0ba902b7-00`],
    ['a later version', `cc-${id}-00f067aa0ba902b7-01`],
    ['a later version with more', `cc-${id}-00f067aa0ba902b7-01-what-ever`],
  ])('reads %s', (_name, header) => {
    expect(traceIdOf(header)).toBe(id);
  });

  it.each([
    ['none', undefined],
    ['nothing', ''],
    ['a version that there is not', `ff-${id}-00f067aa0ba902b7-01`],
    ['more than the version allows', `00-${id}-00f067aa0ba902b7-01-more`],
    ['more without a hyphen', `cc-${id}-00f067aa0ba902b7-01more`],
    ['large letters', `00-${id.toUpperCase()}-00f067aa0ba902b7-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a parent of zeros', `00-${id}-${'0'.repeat(16)}-01`],
    ['flags that are none', `00-${id}-00f067aa0ba902b7-0x`],
    ['other signs between', `00_${id}_00f067aa0ba902b7_01`],
    ['two in one', `00-${id}-00f067aa0ba902b7-01, 00-${id}-00f067aa0ba902b7-01`],
    ['too much', `cc-${id}-00f067aa0ba902b7-01-${'x'.repeat(300)}`],
    ['a line that would forge another', `00-${id.slice(1)}\n-00f067aa0ba902b7-01`],
  ])('reads nothing from %s', (_name, header) => {
    expect(traceIdOf(header)).toBeUndefined();
  });
});
