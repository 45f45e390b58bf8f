// The OpenAPI 3.1 document of the contract.
import { OpenAPIHono } from '@hono/zod-openapi';
import { contract } from './contract.ts';

/** An OpenAPI 3.1 document, as plain data. */
export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

const info = {
  title: 'Runlayer Deploy',
  version: '1',
  description:
    'Deploy MCP servers as containers and reach them through an authenticated proxy. Errors are RFC 9457 problem details. ' +
    'A trailing slash makes no difference on any path. `x-runlayer-roles` names the roles that may call an operation.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** Renders the contract; the committed `openapi.json` is its output. */
export function openApiDocument(): OpenApiDocument {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'apiKey', in: 'header', name: 'x-runlayer-api-key' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  for (const route of Object.values(contract).toSorted(byPath)) app.openAPIRegistry.registerPath(route);
  return app.getOpenAPI31Document({ openapi: '3.1.0', info, servers: [{ url: '/' }] });
}

// The order of a namespace's names differs between runtimes and bundlers; the document may not.
function byPath(one: { path: string; method: string }, other: { path: string; method: string }): number {
  const [a, b] = [`${one.path} ${one.method}`, `${other.path} ${other.method}`];
  return a < b ? -1 : 1;
}
