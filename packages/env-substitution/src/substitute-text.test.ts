import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { substituteText } from './substitute-text.ts';
import { variablesFrom } from './variables.ts';

const variables = variablesFrom({ SET: 'value', EMPTY: '', lower: 'low', _1: 'under', DOLLAR: '${SET} $$SET $' });

describe('substituteText', () => {
  it.each([
    ['${SET}', 'value', '[SUB-1]'],
    ['${EMPTY}', '', '[SUB-1]'],
    ['a${SET}b${SET}', 'avaluebvalue', '[SUB-1]'],
    ['${lower}${_1}', 'lowunder', '[SUB-4]'],
    ['${SET:-d}', 'value', '[SUB-2]'],
    ['${EMPTY:-d}', 'd', '[SUB-2]'],
    ['${UNSET:-d}', 'd', '[SUB-2]'],
    ['${UNSET:-}', '', '[SUB-2]'],
    ['${SET-d}', 'value', '[SUB-3]'],
    ['${EMPTY-d}', '', '[SUB-3]'],
    ['${UNSET-d}', 'd', '[SUB-3]'],
    ['${UNSET--1}', '-1', '[SUB-3]'],
    ['${SET:?m}${SET?m}', 'valuevalue', '[SUB-7]'],
    ['${EMPTY?m}', '', '[SUB-7]'],
    ['${SET:+alt}', 'alt', '[SUB-7]'],
    ['${EMPTY:+alt}', '', '[SUB-7]'],
    ['${UNSET:+alt}', '', '[SUB-7]'],
    ['${EMPTY+alt}', 'alt', '[SUB-7]'],
    ['${UNSET+alt}', '', '[SUB-7]'],
    ['${UNSET:-${SET}}', 'value', '[SUB-7]'],
    ['${SET:-${UNSET}}', 'value', '[SUB-7]'],
    ['${UNSET:-${ALSO_UNSET-deep}/x}', 'deep/x', '[SUB-7]'],
    ['${UNSET:-${EMPTY:+a}b}', 'b', '[SUB-7]'],
    ['${SET:+${SET}:${SET}}', 'value:value', '[SUB-7]'],
    ['${UNSET:-{"a":{"b":1}}}', '{"a":{"b":1}}', '[SUB-7]'],
    ['${UNSET:-$$DEPLOYMENT_URL/$${x}}', '$$DEPLOYMENT_URL/$${x}', '[SUB-4, SUB-7]'],
    ['$$DEPLOYMENT_URL', '$$DEPLOYMENT_URL', '[SUB-4]'],
    ['$${SET}', '$${SET}', '[SUB-4]'],
    ['$$${SET}', '$$value', '[SUB-4]'],
    ['$$$${SET}', '$$$${SET}', '[SUB-4]'],
    ['$${', '$${', '[SUB-4]'],
    ['$ $SET $5 a$ {SET}', '$ $SET $5 a$ {SET}', '[SUB-4]'],
    ['${DOLLAR}', '${SET} $$SET $', '[SUB-6]'],
    ['${UNSET:-${DOLLAR}}', '${SET} $$SET $', '[SUB-6]'],
    ['', '', '[SUB-6]'],
  ])('makes %s into %s %s', (template, value) => {
    expect(substituteText(template, variables)).toEqual({ value, faults: [] });
  });

  it.each([
    ['${UNSET}', "Required environment variable 'UNSET' is not set.", '[SUB-1]'],
    ['${UNSET:+x}${UNSET:?set it}', "Required environment variable 'UNSET' is not set: set it", '[SUB-7]'],
    ['${UNSET?set it}', "Required environment variable 'UNSET' is not set: set it", '[SUB-7]'],
    ['${EMPTY:?set it}', "Required environment variable 'EMPTY' is empty: set it", '[SUB-7]'],
    ['${UNSET:?}', "Required environment variable 'UNSET' is not set.", '[SUB-7]'],
    ['${UNSET:?see ${SET}}', "Required environment variable 'UNSET' is not set: see ${SET}", '[SUB-7, SEC-1]'],
    ['${UNSET:-${INNER}}', "Required environment variable 'INNER' is not set.", '[SUB-7]'],
  ])('says what %s lacks %s %s', (template, message) => {
    const { value, faults } = substituteText(template, variables);
    expect(value).toBe(template);
    expect(faults).toMatchObject([{ kind: 'unset', message }]);
  });

  it.each([
    ['${}', 0],
    ['a ${ SET }', 2],
    ['${SET', 0],
    ['${SET ', 0],
    ['${1}', 0],
    ['${SET:-x', 0],
    ['${SET:-${SET}', 0],
    ['${SET:-{}', 0],
    ['${SET:x}', 0],
    ['${SET/a/b}', 0],
    ['${SET^^}', 0],
    ['${#SET}', 0],
    ['${!SET}', 0],
    ['${SET }', 0],
    ['${A-B}${SET.x}', 6],
    ['${${SET}}', 0],
    ['${SET:-${}}', 7],
    ['${NÄME}', 0],
  ])('refuses %s at offset %i, never guessing [SUB-7]', (template, offset) => {
    const { value, faults } = substituteText(template, variables);
    expect(value).toBe(template);
    expect(faults).toMatchObject([{ kind: 'malformed', offset }]);
  });

  it('lists every fault of a text in its order [SUB-1, SUB-7]', () => {
    const { faults } = substituteText('${ONE} ${} ${TWO:?m} ${THREE:-x}', variables);
    expect(faults.map((fault) => [fault.kind, fault.offset])).toEqual([
      ['unset', 0],
      ['malformed', 7],
      ['unset', 11],
    ]);
  });

  it('refuses defaults nested more than sixteen deep', () => {
    const nested = (depth: number) => '${UNSET:-'.repeat(depth) + 'x' + '}'.repeat(depth);
    expect(substituteText(nested(16), variables).value).toBe('x');
    expect(substituteText(nested(17), variables).faults).toMatchObject([
      { kind: 'malformed', message: "'${…}' is nested more than 16 deep." },
    ]);
  });

  it('stops a result that outgrows the limit', () => {
    const large = variablesFrom({ BIG: 'x'.repeat(1024 * 1024) });
    expect(substituteText('${BIG}${BIG}', large).faults).toEqual([]);
    expect(substituteText('${BIG}'.repeat(10), large).faults).toMatchObject(Array.from({ length: 8 }, () => ({ kind: 'too-large' })));
  });

  it('leaves every text without an opening brace as it is [SUB-4]', () => {
    const text = fc
      .string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', '5', ' ') })
      .filter((candidate) => !candidate.includes('${'));
    fc.assert(fc.property(text, (template) => substituteText(template, variables).value === template));
  });

  it('puts any value in whole, and reads none of it again [SUB-6]', () => {
    const text = fc.string().filter((candidate) => !candidate.includes('$'));
    fc.assert(
      fc.property(text, fc.string({ unit: 'binary' }), text, (before, value, after) => {
        expect(substituteText(`${before}\${V}${after}`, () => value).value).toBe(before + value + after);
      }),
    );
  });

  it('reads any text without throwing, and repeats itself', () => {
    const text = fc.string({ unit: fc.constantFrom('$', '${', '}', '{', 'SET', 'UNSET', ':', '-', '?', '+', ' ') });
    fc.assert(
      fc.property(text, (template) => {
        const { value, faults } = substituteText(template, variables);
        if (faults.length > 0) expect(value).toBe(template);
        for (const fault of faults) expect(template.startsWith('${', fault.offset)).toBe(true);
      }),
    );
  });
});
