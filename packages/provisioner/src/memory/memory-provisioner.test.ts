import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { FailureCode } from '../failure.ts';
import { provisionerConformance } from '../testing/conformance.ts';
import type { WorkloadSpec } from '../workload.ts';
import { createMemoryProvisioner } from './memory-provisioner.ts';
import { createMemoryTarget } from './target.ts';

const target = createMemoryTarget();
afterAll(() => target.close());

function spec(image: string): WorkloadSpec {
  return {
    deploymentId: randomUUID(),
    releaseId: randomUUID(),
    name: 'demo',
    image,
    cpu: 256,
    memoryMiB: 512,
    port: 8000,
    env: {},
    secrets: {},
    database: false,
    assumeRoles: {},
  };
}

const codes: FailureCode[] = [
  'image_missing',
  'registry_auth',
  'wrong_architecture',
  'exited_at_start',
  'out_of_memory',
  'wrong_port',
  'bound_to_loopback',
  'not_listening',
  'unhealthy',
  'mcp_path_missing',
];

describe('the in-memory provisioner', () => {
  const cases = provisionerConformance({
    createProvisioner: () => createMemoryProvisioner({ target }),
    specs: {
      serving: () => spec('demo/serving:1'),
      failing: Object.fromEntries(codes.map((code) => [code, () => spec(`demo/fail-${code.replaceAll('_', '-')}:1`)])),
    },
    listResources: async (deploymentId) => target.list(deploymentId),
    crash: (deploymentId) => target.crash(deploymentId),
  });
  it.each(cases)('$name', ({ run }) => run());

  it('answers with a handler of yours, which may write to the log', async () => {
    const provisioner = createMemoryProvisioner({
      target,
      behave: () => ({
        handler: (_request, response, { environment, log }) => {
          log('called');
          response.end(`hello ${environment['WHO']}`);
        },
      }),
    });
    const wanted = { ...spec('any'), env: { WHO: 'you' } };
    let url = '';
    for await (const event of provisioner.apply(wanted)) {
      if (event.type === 'serving') url = `http://${event.endpoints[0]!.host}:${event.endpoints[0]!.port}/`;
    }
    expect(await (await fetch(url)).text()).toBe('hello you');
    const lines: string[] = [];
    for await (const { line } of provisioner.logs(wanted.deploymentId)) lines.push(line);
    expect(lines).toEqual(['started', 'called']);
  });
});

it('refuses to skip a case that does not exist', () => {
  const harness = {
    createProvisioner: () => createMemoryProvisioner({ target }),
    specs: { serving: () => spec('x'), failing: {} },
    listResources: async () => [],
    crash: async () => {},
  };
  expect(() => provisionerConformance({ ...harness, skip: { nonsense: 'because' } })).toThrow('nonsense');
  const [first] = provisionerConformance({ ...harness, skip: { 'plan only reads': 'a reason' } });
  expect(first).toMatchObject({ name: 'plan only reads', skip: 'a reason' });
});
