import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

type Members = readonly (readonly [name: string, value: unknown])[];

/** An object as text with its members in this order, names that stand twice included; names partly in escapes. */
function write(members: Members, space: string, escape: boolean): string {
  const name = (text: string): string =>
    escape
      ? `"${[...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(text);
  return `${space}{${members.map(([key, value]) => `${space}${name(key)}${space}:${space}${JSON.stringify(value)}`).join(`${space},`)}${space}}${space}`;
}

const name = fc.oneof(
  fc.constantFrom('sub', 'aud', '__proto__', 'constructor', '', '"', '\\', '\\"', ':', '{', '}', 'a:b', '[', '\\\\'),
  fc.string({ maxLength: 4 }),
);
const value = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>('":', '{"a":1,"a":2}', '\\', '\\"', [{ a: 1 }, { a: 1 }], { a: { a: 1 } }));
const members = fc.array(fc.tuple(name, value), { maxLength: 6 });

describe('an object', () => {
  it('is taken exactly when no member of it stands twice, however its names are spelled [ID-3]', () => {
    fc.assert(
      fc.property(members, fc.constantFrom('', ' ', '\n\t'), fc.boolean(), (list, space, escape) => {
        const names = list.map(([key]) => key);
        const text = write(list, space, escape);
        const value = JSON.parse(text) as object;
        const isDistinct = new Set(names).size === names.length;
        // V8 misreads some names of one character, which must not pass.
        const isRead = Object.keys(value).length === names.length && names.every((key) => Object.hasOwn(value, key));
        expect(parseStrictJson(text)).toEqual(isDistinct && isRead ? value : undefined);
      }),
      { numRuns: 3000 },
    );
  });

  it('is refused, not misread, where the parser takes one name for another [ID-3]', () => {
    JSON.parse('{"a":1,"\\\\":2}');
    for (const [text, name] of [
      ['{"a":1,"\\"":2}', '"'],
      ['{"a":1,"\\u0062":2}', 'b'],
    ] as const) {
      const value = parseStrictJson(text);
      if (value !== undefined) expect(Object.keys(value)).toEqual(['a', name]);
    }
  });

  it.each([
    ['{"a":1,"a":1}', false],
    ['{"a":1,"\\u0061":1}', false],
    ['{"__proto__":1,"__proto__":1}', false],
    ['{"a":1,"\\u0062c":1}', true],
    ['{"b\\\\":1,"b\\\\":1}', false],
    ['{"a":{"\\"":1,"b":1,"b":2}}', true],
    ['{"a":"\\\\","b":"\\\\\\"","c":":"}', true],
    ['{"a":[{"b":1},{"b":1}],"c":{}}', true],
    ['{}', true],
    ['[]', false],
    ['null', false],
    ['"{}"', false],
    ['7', false],
  ])('%s is taken: %s', (text, taken) => {
    expect(parseStrictJson(text) !== undefined).toBe(taken);
  });

  it.each(['', '{', '{"a"}', '{a:1}', '{"a":1}}', '{"a":1}{}', "{'a':1}", '\ufeff{}'])('is not %j', (text) => {
    expect(() => parseStrictJson(text)).toThrow(SyntaxError);
  });
});
