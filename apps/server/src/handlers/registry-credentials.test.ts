// What clients are told to push with, where the target has credentials that end.
import { awsProvisionerErrors } from '@runlayer/aws-provisioner';
import { errorMaker } from '@runlayer/errors';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TargetRegistry } from '../start/target.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

type Credentials = Awaited<ReturnType<TargetRegistry['credentials']>>;

const path = '/api/v1/deployments/registry-credentials';
let server: TestServer;
let give: () => Promise<Credentials>;

beforeAll(async () => {
  const registry = { credentials: () => give(), repository: async () => 'r.example:5000/app' };
  server = await startTestServer({}, { registry, bridgeAddress: undefined });
}, 90_000);
afterAll(() => server.stop());

function told(password: string): Credentials {
  const place = { registry_url: 'r.example:5000', repository_url: 'r.example:5000/app', expires_at: '2026-11-22T20:00:00.000Z' };
  return { username: 'AWS', password, ...place, deployment_mode: 'ECS' };
}

it('are asked for at each request, and stand in no log [CLI-3, SEC-1]', async () => {
  let asked = 0;
  give = async () => told(`canary-${(asked += 1)}`);
  expect((await server.call('POST', path)).json).toEqual(told('canary-1'));
  const { json, headers } = await server.call('POST', path);
  expect([json, headers.get('cache-control')]).toEqual([told('canary-2'), 'no-store']);
  expect(server.logged.join('')).not.toContain('canary');
});

it('are a problem that says what next where the target gives none [CLI-3]', async () => {
  const refusal = errorMaker(awsProvisionerErrors)('ERR_AWS_CREDENTIALS', 'AWS takes no credentials of ours (ExpiredToken).');
  give = () => Promise.reject(refusal);
  expect(await server.call('POST', path)).toMatchObject({
    status: 503,
    json: {
      code: 'ERR_AWS_CREDENTIALS',
      detail: expect.stringContaining('ExpiredToken') as string,
      hint: expect.stringContaining('AWS_ACCESS_KEY_ID') as string,
    },
  });
});

it('name the repository that an upload is believed to be in, whatever the client made of it [CLI-3]', async () => {
  const { json: made } = await server.call('POST', '/api/v1/deployments/', { body: { name: 'notes' } });
  const digest = `sha256:${'a'.repeat(64)}`;
  const yaml = 'name: notes\nruntime: docker\nbuild: {dockerfile: Dockerfile}\nservice: {port: 8000}\n';
  const body = { yaml_content: yaml, docker_image: `r.example@${digest}` };
  expect((await server.call('PUT', `/api/v1/deployments/${made.id}`, { body })).status).toBe(200);
  const { json: release } = await server.call('POST', `/api/v1/deployments/${made.id}/trigger`);
  const { json: stored } = await server.call('GET', `/api/v1/deployments/history/${release.history_id}`);
  expect(stored.docker_image).toBe(`r.example:5000/app@${digest}`);
});

it('come with a warning where containers are elsewhere and the platform is on loopback', () => {
  expect(server.logged.join('')).toContain('RUNLAYER_URL is on loopback: containers cannot reach the platform');
});
