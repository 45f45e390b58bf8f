import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { readId, setId } from './set-id.ts';
import { goodFile } from './testing/good-file.ts';

const id = '11111111-2222-4333-8444-555555555555';

describe('readId', () => {
  it.each([
    ['id: abc\nport: 5\n', 'abc'],
    ['{"id": "abc"}', 'abc'],
    ['id:\nname: x\n', undefined],
    ['id: ""\n', undefined],
    ['id: 17\n', undefined],
    ['env: {id: no}\n', undefined],
    ['- a\n', undefined],
    ['id: [\n', undefined],
    ['', undefined],
  ])('reads %j as %s [CLI-5]', (source, found) => {
    expect(readId(source)).toBe(found);
  });
});

describe('setId', () => {
  it.each([
    ['a plain id', 'id: old\nname: x\n', `id: ${id}\nname: x\n`],
    ['an empty id', 'id:\nname: x\n', `id: ${id}\nname: x\n`],
    ['an empty id with a comment', 'id:   # none yet\nname: x\n', `id: ${id}   # none yet\nname: x\n`],
    ['a null id', 'name: x\nid: null # later\n', `name: x\nid: ${id} # later\n`],
    ['an id in double quotes', 'id: "old" # c\nname: x\n', `id: "${id}" # c\nname: x\n`],
    ['an id in single quotes', "id: 'old'\nname: x\n", `id: '${id}'\nname: x\n`],
    ['a quoted key', '"id" : old\nname: x\n', `"id" : ${id}\nname: x\n`],
    ['an id on the next line', 'id:\n  old\nname: x\n', `id:\n  ${id}\nname: x\n`],
    ['an id as a block', 'id: |-\n  old\n\nname: x\n', `id: ${id}\n\nname: x\n`],
    ['an id below a comment', 'id:\n# where is it\nname: x\n', `id: ${id}\n# where is it\nname: x\n`],
    ['an id as the last thing', 'name: x\nid:', `name: x\nid: ${id}`],
    ['no id', 'name: x\n', `id: ${id}\nname: x\n`],
    ['no id below comments', '# top\n\n# more\nname: x\n', `# top\n\n# more\nid: ${id}\nname: x\n`],
    ['no id, indented', '  name: x\n  runtime: docker\n', `  id: ${id}\n  name: x\n  runtime: docker\n`],
    ['no id, Windows', '# c\r\nname: x\r\n', `# c\r\nid: ${id}\r\nname: x\r\n`],
    ['no id, a byte order mark', '\uFEFFname: x\n', `\uFEFFid: ${id}\nname: x\n`],
    ['no id, a directive and a marker', '%YAML 1.2\n---\nname: x\n...\n', `%YAML 1.2\n---\nid: ${id}\nname: x\n...\n`],
    ['no id, an explicit key', '? name\n: x\n', `id: ${id}\n? name\n: x\n`],
    ['no id, a merge key first', '<<: {a: b}\nname: x\n', `id: ${id}\n<<: {a: b}\nname: x\n`],
    ['an id elsewhere', 'env:\n  id: keep\nname: x\n', `id: ${id}\nenv:\n  id: keep\nname: x\n`],
    ['brackets', '{name: x}\n', `{id: ${id}, name: x}\n`],
    ['brackets with an id', '{name: x, id: }\n', `{name: x, id: ${id} }\n`],
    ['brackets with an id and no colon', '{id, name: x}\n', `{id: ${id}, name: x}\n`],
    ['JSON', '{"id":"old","name":"x"}', `{"id":"${id}","name":"x"}`],
    ['empty brackets', '--- {}\n', `--- {id: ${id}}\n`],
    ['nothing', '', `id: ${id}\n`],
    ['comments', '# later', `# later\nid: ${id}\n`],
    ['an anchor', 'id: &x old\nname: x\n', `id: &x ${id}\nname: x\n`],
  ])('writes the id where the file has %s [CLI-2]', (_what, source, edited) => {
    expect(setId(source, id)).toBe(edited);
  });

  it.each([
    ['a list', '- a\n'],
    ['a text', 'hello\n'],
    ['broken YAML', 'a: [\n'],
    ['no document', 'null\n'],
    ['two documents', 'a: b\n---\nc: d\n'],
    ['a bomb of a file', '['.repeat(1000)],
    ['an explicit id without a value', '? id\n? name\n'],
  ])('refuses %s and says how to go on [CLI-2]', (_what, source) => {
    expect(() => setId(source, id)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_NOT_EDITABLE', hint: expect.stringContaining('by hand') }),
    );
  });

  it('changes nothing but the id, whatever the comments and line ends are [CLI-2]', () => {
    const comment = fc.string({ unit: fc.constantFrom(...'abc:#\'"{[- é🦊'.split('')), maxLength: 12 }).map((text) => `#${text}`);
    const lines = fc.array(fc.oneof(fc.constant(''), comment), { maxLength: 4 });
    const entry = fc.constantFrom<string[]>(
      'name: x',
      'env:\n  id: "no"\n  A: |\n    id: not this\n\n    end',
      'service: {port: 1, path: "/id: x"}  # id: y',
      'runtime: docker',
      "\"quo ted\": 'it''s'",
    );
    const value = fc.constantFrom(undefined, '', ' old', ' "old"', " 'o''d'", ' ~', ' # gone', '\t# tab');
    fc.assert(
      fc.property(
        lines,
        fc.uniqueArray(entry, { minLength: 1 }),
        value,
        fc.nat(3),
        lines,
        fc.boolean(),
        (above, entries, old, place, below, windows) => {
          const parts = old === undefined ? entries : entries.toSpliced(Math.min(place, entries.length), 0, `id:${old}`);
          const source = [...above, ...parts, ...below, ''].join('\n').replaceAll('\n', windows ? '\r\n' : '\n');
          const edited = setId(source, id);
          expect(parseDocument(edited).get('id')).toBe(id);
          // Taking the new id out again gives the old file, but for the value that was replaced.
          const at = edited.indexOf(id);
          const without = edited.slice(0, at) + edited.slice(at + id.length);
          const bare = (text: string): string => text.replace(/^id:[ \t]*(?:old|"old"|'o''d'|~|""|'')?[ \t]*/m, 'id:');
          const eol = windows ? '\r\n' : '\n';
          expect(old === undefined ? without.replace(`id: ${eol}`, '') : bare(without)).toBe(old === undefined ? source : bare(source));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is stable: a second time changes nothing [CLI-2]', () => {
    const once = setId(goodFile, id);
    expect(setId(once, id)).toBe(once);
  });
});
