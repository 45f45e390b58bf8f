import { expect, it } from 'vitest';
import { isLikeDebian, systemPath } from './facts.ts';
import { candidates } from './find-engine.ts';

it.each([
  ['ID=debian\n', true],
  ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', true],
  ['ID=pop\nID_LIKE="ubuntu debian"\n', true],
  ['ID=fedora\nHOME_URL="https://debian.org"\n', false],
  ['', false],
])('knows a relative of Debian by %j', (text, expected) => {
  expect(isLikeDebian(text)).toBe(expected);
});

it('adds the folders of system programs to a short PATH, once', () => {
  expect(systemPath('/a:/usr/bin').split(':')).toEqual([
    '/a',
    '/usr/bin',
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    '/usr/local/bin',
    '/bin',
  ]);
});

it('looks nowhere but at DOCKER_HOST when that is set', () => {
  expect(candidates({ DOCKER_HOST: 'tcp://there:2375' }, '/h')).toEqual(['tcp://there:2375']);
  expect(candidates({ DOCKER_HOST: '' }, '/h')).toContain('unix:///var/run/docker.sock');
});
