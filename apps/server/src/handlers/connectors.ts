// Handlers of connectors.
import { contract } from '@runlayer/api';
import type { App } from '../http/environment.ts';
import { wireServer } from '../wire/connector.ts';
import { pageRequest, wirePage } from '../wire/page.ts';
import type { Parts } from './parts.ts';

/** Registers the routes of connectors. */
export function registerConnectors(app: App, { controlPlane: { connectors }, platformUrl }: Parts): void {
  app.openapi(contract.listServers, async (c) => {
    const page = await connectors.list(c.get('principal'), pageRequest(c.req.valid('query')));
    return c.json(
      wirePage(page, (connector) => wireServer(connector, platformUrl)),
      200,
    );
  });
  app.openapi(contract.createServer, async (c) => {
    const { deployment_id, identity_forward, ...rest } = c.req.valid('json');
    const input = { ...rest, deploymentId: deployment_id, identityForward: identity_forward };
    return c.json(wireServer(await connectors.register(c.get('principal'), input), platformUrl), 201);
  });
  app.openapi(contract.getServer, async (c) =>
    c.json(wireServer(await connectors.get(c.get('principal'), c.req.valid('param').id), platformUrl), 200),
  );
  app.openapi(contract.patchServer, async (c) => {
    const { identity_forward, ...rest } = c.req.valid('json');
    const change = { ...rest, identityForward: identity_forward };
    return c.json(wireServer(await connectors.update(c.get('principal'), c.req.valid('param').id, change), platformUrl), 200);
  });
  app.openapi(contract.deleteServer, async (c) => {
    await connectors.delete(c.get('principal'), c.req.valid('param').id);
    return c.body(null, 204);
  });
}
