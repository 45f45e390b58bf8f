import { expect, it } from 'vitest';
import { arrangeArguments } from './arrange-arguments.ts';

it.each([
  ['deploy -c x.yaml pull', 'deploy pull -c x.yaml'],
  ['deploy --json destroy --yes', 'deploy destroy --json --yes'],
  ['deploy --host=http://h validate', 'deploy validate --host=http://h'],
  ['deploy pull -c x.yaml', 'deploy pull -c x.yaml'],
  ['deploy --config pull', 'deploy --config pull'],
  ['deploy -n init init', 'deploy init -n init'],
  ['deploy nonsense pull', 'deploy nonsense pull'],
  ['login --host pull', 'login --host pull'],
  ['deploy', 'deploy'],
])('%s is read as %s [CLI-1]', (given, arranged) => {
  expect(arrangeArguments(given.split(' ')).join(' ')).toBe(arranged);
});
