// The committed document is what the contract renders, and says what the published client relies on.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rolesExtension } from './access.ts';
import { contract } from './contract.ts';
import { openApiDocument } from './document.ts';

interface Operation {
  operationId: string;
  security: object[];
  responses: Record<string, { content?: Record<string, unknown> }>;
  'x-runlayer-roles': unknown;
}
const document = openApiDocument();
const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ method, path, operation })),
);
const schema = (name: string) =>
  document.components?.schemas?.[name] as { required: string[]; properties: Record<string, { type?: unknown }> };

describe('openapi.json', () => {
  it('is up to date; else run `pnpm --filter @runlayer/openapi-types generate`', () => {
    const committed = readFileSync(new URL('../openapi.json', import.meta.url), 'utf8');
    expect(committed).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  it('names each operation once, as the contract does', () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(Object.keys(contract).sort());
  });

  it.each(operations)('says of $method $path who may call it and how it fails', ({ operation }) => {
    const open = operation[rolesExtension] === 'public';
    expect(operation.security).toHaveLength(open ? 0 : 2);
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) < 400 || status === '503') continue;
      expect(Object.keys(response.content ?? {})).toEqual(['application/problem+json']);
    }
    if (!open) expect(Object.keys(operation.responses)).toContain('401');
  });
});

describe('what the published client checks strictly', () => {
  it.each([
    ['Deployment', ['id', 'name', 'configuration', 'created_at', 'updated_at', 'connected_servers', 'deletion_status', 'template_yaml']],
    ['RegistryCredentials', ['username', 'password', 'registry_url', 'repository_url', 'expires_at', 'deployment_mode']],
    ['Triggered', ['deployment_id', 'request_id', 'status', 'history_id']],
    ['ReleaseLogs', ['logs']],
    ['ExportedYaml', ['yaml_content']],
    ['YamlValidity', ['valid']],
  ])('%s always has %j', (name, required) => {
    expect(schema(name).required).toEqual(expect.arrayContaining(required));
  });

  it.each([
    ['Deployment', 'configuration', 'object'],
    ['Deployment', 'connected_servers', 'array'],
    ['Deployment', 'id', 'string'],
    ['ReleaseLogs', 'logs', 'string'],
  ])('%s.%s is never null', (name, property, type) => {
    expect(schema(name).properties[property]?.type).toBe(type);
  });

  it('leaves `error` of a status out rather than null: the client prints the key whenever it is there', () => {
    expect(schema('DeploymentStatus').required).not.toContain('error');
  });

  it('creates deployments at the path with the slash', () => {
    expect(contract.createDeployment.path).toBe('/api/v1/deployments/');
  });
});
