import { expect, it } from 'vitest';
import type { ContainerInspectInfo } from 'dockerode';
import { nameOf, sortOut } from './containers.ts';

const container = (suffix: string, second: number, Running = true): ContainerInspectInfo =>
  ({ Name: `/runlayer-id${suffix}`, Created: `2026-11-22T10:00:0${second}Z`, State: { Running } }) as ContainerInspectInfo;

it.each<[string, ContainerInspectInfo[], string | undefined]>([
  ['nothing', [], undefined],
  ['only a candidate', [container('-next-1', 1)], undefined],
  ['the one with the name', [container('-next-1', 3), container('', 2), container('-old-1', 1)], 'runlayer-id'],
  ['the one with the name even when it is down', [container('', 1, false), container('-old-1', 2)], 'runlayer-id'],
  ['the former one between two renames', [container('-next-1', 2), container('-old-1', 1)], 'runlayer-id-old-1'],
  [
    'the newest of several former ones that run',
    [container('-old-1', 1), container('-old-2', 3, false), container('-old-3', 2)],
    'runlayer-id-old-3',
  ],
])('takes as serving %s', (_name, all, name) => {
  const { serving, others } = sortOut('id', all);
  expect(serving && nameOf(serving)).toBe(name);
  expect(others).toHaveLength(all.length - (name === undefined ? 0 : 1));
});
