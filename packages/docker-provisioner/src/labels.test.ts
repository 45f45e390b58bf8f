import { expect, it } from 'vitest';
import type { ContainerInspectInfo } from 'dockerode';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { testSpec } from '../fixtures/specs.ts';
import { containerConfig } from './container-config.ts';
import { changesFrom, specOf } from './labels.ts';

const around = { installation: 'test', network: 'n', reach: 'bridge' as const, extraHosts: [], stopSeconds: 10, cpus: 8 };

/** The container the engine would make, with what it adds from the image. */
function containerOf(spec: WorkloadSpec): Pick<ContainerInspectInfo, 'Config' | 'Image'> {
  const { Labels, Env = [] } = containerConfig(spec, around);
  return { Image: 'sha256:one', Config: { Labels, Env: [...Env, 'PATH=/bin'] } } as unknown as ContainerInspectInfo;
}

const spec = testSpec('sha256:one', {
  env: { A: 'a=b', EMPTY: '', BOTH: 'platform' },
  secrets: { KEY: 'line\nline', 'ODD.NAME': '=' },
  path: '/mcp',
  platform: 'x86',
  scaling: { minReplicas: 1, maxReplicas: 2 },
});

it('reads back the spec that a container was made from', () => {
  expect(specOf(containerOf(spec))).toEqual(spec);
  expect(changesFrom(containerOf(spec), spec, 'sha256:one')).toEqual([]);
});

it.each([
  ['a secret', { secrets: { ...spec.secrets, KEY: 'other' } }, { field: 'secrets.KEY', before: '***', after: '***' }],
  ['a variable that goes', { env: { A: 'a=b', BOTH: 'platform' } }, { field: 'env.EMPTY', before: '' }],
  ['the path', { path: '/sse' }, { field: 'path', before: '/mcp', after: '/sse' }],
])('sees a change of %s', (_name, changes, expected) => {
  expect(changesFrom(containerOf(spec), { ...spec, ...changes }, undefined)).toEqual([expected]);
});

it('sees that a name stands for another image now', () => {
  expect(changesFrom(containerOf(spec), spec, 'sha256:two')).toEqual([{ field: 'image', before: 'sha256:one', after: 'sha256:two' }]);
});

it.each([undefined, '', 'null', '{', '{"env":3}'])('sees everything as changed where the labels hold %j', (text) => {
  const info = {
    Image: 'x',
    Config: { Labels: text === undefined ? {} : { 'com.runlayer.spec': text }, Env: [] },
  } as unknown as ContainerInspectInfo;
  expect(specOf(info)).toBeUndefined();
  expect(changesFrom(info, spec, undefined).length).toBeGreaterThan(5);
});

it('limits CPU to what the engine has, and publishes a port only where asked', () => {
  expect(containerConfig({ ...spec, cpu: 256 }, around).HostConfig).toMatchObject({ NanoCpus: 250_000_000, PortBindings: {} });
  expect(containerConfig({ ...spec, cpu: 16_384 }, around).HostConfig?.NanoCpus).toBe(8e9);
  const published = containerConfig(spec, { ...around, reach: 'loopback' }).HostConfig?.PortBindings;
  expect(published).toEqual({ '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '0' }] });
});
