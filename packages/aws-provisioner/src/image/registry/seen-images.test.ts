import { expect, it } from 'vitest';
import { createSeenImages } from './seen-images.ts';

it('remembers what images say, not that they say nothing, and the last thousand that were asked for', () => {
  const seen = createSeenImages();
  seen.keep('silent', []);
  expect(seen.find('silent')).toBeUndefined();
  seen.keep('first', ['amd64']);
  seen.keep('second', ['arm64']);
  expect(seen.find('first')).toEqual(['amd64']);
  for (let count = 0; count < 999; count += 1) seen.keep(String(count), ['amd64']);
  expect([seen.find('first'), seen.find('second')]).toEqual([['amd64'], undefined]);
});
