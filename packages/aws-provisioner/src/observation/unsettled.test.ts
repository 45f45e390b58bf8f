// When deployments are looked at again of which a task does not answer.
import { expect, it } from 'vitest';
import { createUnsettled } from './unsettled.ts';

function bench() {
  let time = 0;
  const unsettled = createUnsettled(1000, () => time);
  /** Times within so many seconds at which it was due; `look` is what follows each. */
  const dueWithin = (seconds: number, look: () => void = () => {}): number[] => {
    const times: number[] = [];
    for (const end = time + seconds * 1000; time < end; time += 1000) {
      for (const _id of unsettled.due()) {
        times.push(time / 1000);
        look();
      }
    }
    return times;
  };
  return { unsettled, dueWithin };
}

it('looks at first soon, then less and less often, and never more than half a minute apart [AWS-4]', () => {
  const { unsettled, dueWithin } = bench();
  unsettled.mark('a');
  const silent = (): void => {
    const done = unsettled.look('a');
    unsettled.mark('a');
    done(true);
  };
  expect(dueWithin(120, silent)).toEqual([1, 3, 7, 15, 31, 61, 91]);
});

it('stops once a look finds that all answer, or that none serves', () => {
  for (const serves of [true, false]) {
    const { unsettled, dueWithin } = bench();
    unsettled.mark('a');
    const look = (): void => {
      const done = unsettled.look('a');
      if (!serves) unsettled.mark('a');
      done(serves);
    };
    expect(dueWithin(120, look)).toEqual([1]);
  }
});
