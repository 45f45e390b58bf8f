import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { citations } from './citations.ts';
import { requirements } from './requirements.ts';

const cited = citations(fileURLToPath(new URL('../..', import.meta.url)));

describe('requirements', () => {
  it.each(requirements.filter(({ open }) => open === undefined))('$id is proven by a test: $statement', ({ id }) => {
    expect(cited.get(id) ?? []).not.toEqual([]);
  });

  it('cites only ids that exist', () => {
    const known = new Set(requirements.map(({ id }) => id));
    const areas = new Set(requirements.map(({ id }) => id.split('-')[0]));
    expect([...cited.keys()].filter((id) => areas.has(id.split('-')[0]) && !known.has(id))).toEqual([]);
  });

  it('lists each id once', () => {
    const ids = requirements.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
