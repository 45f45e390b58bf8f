import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redactionOf } from './redaction.ts';

it.each([
  ['as it is', 'hunter2hunter2', 'password hunter2hunter2!', 'password ***!'],
  ['in JSON', 'say "hunter2"', '{"p":"say \\"hunter2\\""}', '{"p":"***"}'],
  ['in a URL', 'p@ss/word', 'postgres://me:p%40ss%2Fword@db', 'postgres://me:***@db'],
  ['line by line', '-----BEGIN-----\nabcdefgh\n', 'read abcdefgh', 'read ***'],
  ['more than once', 'hunter2', 'hunter2 hunter2', '*** ***'],
  ['not where it is too short to be secret', '8000', 'listening on 8000', 'listening on 8000'],
  ['not where it is empty', '', 'text', 'text'],
])('takes a secret out %s [SEC-1]', (_name, secret, text, expected) => {
  expect(redactionOf({ KEY: secret })(text)).toBe(expected);
});

it('takes out the longer of two secrets that overlap', () => {
  expect(redactionOf({ A: 'hunter', B: 'hunter-long' })('hunter-long hunter')).toBe('*** ***');
});

it('leaves no secret of six characters or more, whatever it is made of [SEC-1]', () => {
  // A secret of asterisks is what the mask itself is made of.
  const secret = fc.string({ minLength: 6, unit: 'binary' }).filter((value) => !'***'.repeat(20).includes(value));
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
      expect(redactionOf({ KEY: value })(`${before}\u0000${value}\u0000${after}`)).not.toContain(value);
    }),
  );
});
