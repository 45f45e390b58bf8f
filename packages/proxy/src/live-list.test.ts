import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LiveList } from './live-list.ts';
import type { Listed } from './live-list.ts';

it('holds what a set would hold, whoever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9))), (steps) => {
      const members: Listed[] = Array.from({ length: 10 }, () => ({ listIndex: -1 }));
      const list = new LiveList<Listed>();
      const model = new Set<Listed>();
      for (const [comes, index] of steps) {
        const member = members[index] as Listed;
        if (comes && !model.has(member)) {
          list.add(member);
          model.add(member);
        } else if (!comes) {
          list.remove(member);
          model.delete(member);
        }
        expect(list.size).toBe(model.size);
        expect(new Set(list.all())).toEqual(model);
      }
      expect(members.filter(({ listIndex }) => listIndex !== -1).length).toBe(model.size);
    }),
  );
});
