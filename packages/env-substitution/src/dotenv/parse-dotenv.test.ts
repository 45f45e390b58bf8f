import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDotenv } from './parse-dotenv.ts';
// What python-dotenv itself read from each text, written to a file as UTF-8: dict(dotenv_values(path)).
import fixture from './python-dotenv.fixture.json' with { type: 'json' };

describe('parseDotenv', () => {
  it.each(fixture.cases)('reads $text as python-dotenv does [SUB-5]', ({ text, values }) => {
    const read = [...parseDotenv(text, fixture.environment)].map(([name, value]) => [name, value ?? null]);
    expect(read).toEqual(values);
  });

  it('gives back any value that is written in double quotes', () => {
    const written = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\r') && !value.includes('${'));
    fc.assert(fc.property(written, (value) => parseDotenv(`A="${value.replace(/[\\"]/g, '\\$&')}"`).get('A') === value));
  });

  it('reads any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('A', '=', "'", '"', '\\', '\n', ' ', '#', '${', '}', ':-', 'x') }),
        (text) => parseDotenv(text) instanceof Map,
      ),
    );
  });

  it.each([
    ['a long run of openings', `A="${'${'.repeat(200_000)}"`],
    ['openings before a colon', `A=${'${a:'.repeat(100_000)}}`],
    ['blanks before a letter', `A=${' '.repeat(500_000)}x`],
    ['comments in comments', `A= ${' #'.repeat(200_000)}`],
    ['quotes that never close', "A='\\\n".repeat(100_000)],
  ])('takes linear time on %s', (_name, text) => {
    const before = performance.now();
    parseDotenv(text);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it.each([
    ['a file above 1 Mi characters', `A=${'x'.repeat(1024 * 1024)}`],
    ['variables that double each other', `B=xx\n${'B=${B}${B}\n'.repeat(60)}`],
  ])('refuses %s', (_name, text) => {
    expect(() => parseDotenv(text)).toThrow(expect.objectContaining({ code: 'ERR_SUBSTITUTION_DOTENV_TOO_LARGE' }));
  });

  it('does not find the properties of every object in the environment', () => {
    expect(parseDotenv('A=${constructor}${toString:-d}').get('A')).toBe('d');
  });
});
