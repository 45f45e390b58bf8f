import { expect, it } from 'vitest';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { testSpec } from '../../fixtures/specs.ts';
import { namesOf } from '../names.ts';
import { label, specOf } from './spec-label.ts';
import { tagsOf } from '../tags.ts';
import { labelOf, portOf, secretArnOf, type Surroundings, taskDefinitionOf } from './task-definition.ts';

const base = testSpec('registry/notes@sha256:1', { secrets: { B: 'user-value-b', A: 'user-value-a' }, env: { Z: '1', MODE: 'x' } });
const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:runlayer/default/x/y-AbCdEf';

function around(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    names: namesOf('default', base.deploymentId),
    tags: tagsOf('default', base.deploymentId),
    taskRoleArn: 'arn:task',
    executionRoleArn: 'arn:exec',
    secretArn,
    options: { region: 'us-east-1', containerEnvironment: {}, stopSeconds: 30 },
    ...changes,
  };
}

const hash = (spec: WorkloadSpec, changes?: Partial<Surroundings>): string =>
  taskDefinitionOf(spec, around(changes)).containerDefinitions?.[0]?.dockerLabels?.[label.hash] ?? '';

it('is what Fargate takes, with every user value behind a reference [CFG-6, AWS-4]', () => {
  const definition = taskDefinitionOf(base, around());
  expect(definition).toMatchObject({ networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' });
  const [container] = definition.containerDefinitions ?? [];
  expect(container).toMatchObject({
    image: base.image,
    stopTimeout: 30,
    linuxParameters: { initProcessEnabled: true },
    secrets: [
      { name: 'A', valueFrom: `${secretArn}:A::` },
      { name: 'B', valueFrom: `${secretArn}:B::` },
    ],
  });
  expect(JSON.stringify(definition)).not.toContain('user-value');
});

it('has the same hash whatever the order, the release and the name', () => {
  const shuffled = {
    ...base,
    secrets: { A: 'user-value-a', B: 'user-value-b' },
    env: { MODE: 'x', Z: '1' },
    releaseId: 'other',
    name: 'other',
  };
  expect(hash(shuffled)).toBe(hash(base));
});

it.each<[string, Partial<WorkloadSpec>, Partial<Surroundings>]>([
  ['the image', { image: 'registry/notes@sha256:2' }, {}],
  ['the port', { port: 9000 }, {}],
  ['the path', { path: '/mcp' }, {}],
  ['the platform', { platform: 'arm' }, {}],
  ['the size', { memoryMiB: 1024 }, {}],
  ['a variable', { env: { Z: '2', MODE: 'x' } }, {}],
  ['a role', { assumeRoles: { BILLING: 'arn:aws:iam::111122223333:role/billing' } }, {}],
  ['the secret', {}, { secretArn: `${secretArn}2` }],
  ['the table', {}, { tableName: 'table' }],
  ['the settings', {}, { options: { region: 'us-east-1', containerEnvironment: { EXTRA: '1' }, stopSeconds: 30 } }],
])('has another hash when %s differs', (_name, spec, surroundings) => {
  expect(hash({ ...base, ...spec }, surroundings)).not.toBe(hash(base));
});

it('lets the platform win over a secret, and a secret over the settings', () => {
  const spec = { ...base, env: { A: 'platform' }, secrets: { A: 'user-value-a', EXTRA: 'user-value' } };
  const options = { region: 'us-east-1', containerEnvironment: { EXTRA: 'settings' }, stopSeconds: 30 };
  const [container] = taskDefinitionOf(spec, around({ options })).containerDefinitions ?? [];
  expect(container?.secrets?.map(({ name }) => name)).toEqual(['EXTRA']);
  expect(container?.environment).toContainEqual({ name: 'A', value: 'platform' });
  expect(container?.environment?.map(({ name }) => name)).not.toContain('EXTRA');
});

it('gives the spec back that it was made from', () => {
  const { family: _family, ...definition } = taskDefinitionOf(base, around());
  const registered = { containerDefinitions: definition.containerDefinitions ?? [] };
  expect(specOf(registered.containerDefinitions[0], base.secrets)).toEqual(base);
  expect(secretArnOf(registered)).toBe(secretArn);
  expect(portOf(registered)).toBe(8000);
  expect(labelOf(registered, 'release')).toBe(base.releaseId);
  expect(specOf({ dockerLabels: {} }, {})).toBeUndefined();
});
