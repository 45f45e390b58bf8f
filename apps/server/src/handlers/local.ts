// Handlers for clients that connect to an MCP server themselves. What such a client does there is what it says it does.
import { randomUUID } from 'node:crypto';
import { contract } from '@runlayer/api';
import type { Connectors, Principal } from '@runlayer/control-plane';
import type { Subject } from '@runlayer/identity-forward';
import { fail } from '../error-codes.ts';
import type { App } from '../http/environment.ts';
import { callerOf } from '../start/proxy-routes.ts';
import { type ConnectorByUrl, wireIdentity, wireLocalServer } from '../wire/local.ts';
import type { Parts } from './parts.ts';

/** Registers the routes of local connections. */
export function registerLocal(app: App, { controlPlane: { connectors }, platformUrl, signer, logLocalCall }: Parts): void {
  const find = async (principal: Principal, id: string): Promise<{ connector: ConnectorByUrl; subject: Subject }> => {
    const subject = subjectOf(principal);
    const connector = await connectors.get(principal, id);
    const { url } = connector;
    if (url !== null) return { connector: { ...connector, url }, subject };
    throw fail(
      'ERR_LOCAL_DEPLOYED',
      `${connector.name} is a deployment, which nobody connects to directly: give ${platformUrl}/api/v1/proxy/${connector.id}/mcp to the MCP client.`,
    );
  };
  // Before the route that takes any id.
  app.openapi(contract.resolveLocalServer, async (c) => {
    subjectOf(c.get('principal'));
    return c.json({ server_id: await resolve(connectors, c.get('principal'), c.req.valid('query').target) }, 200);
  });
  app.openapi(contract.getLocalServer, async (c) => {
    const { connector, subject } = await find(c.get('principal'), c.req.valid('param').id);
    const token = connector.identityForward.token ? signer.sign(subject, connector.id) : undefined;
    return c.json(wireLocalServer(connector, wireIdentity(subject, connector.identityForward, token)), 200);
  });
  app.openapi(contract.beginLocalCall, async (c) => {
    await find(c.get('principal'), c.req.valid('param').id);
    return c.json({ correlation_id: randomUUID() }, 200);
  });
  app.openapi(contract.endLocalCall, async (c) => {
    const { connector, subject } = await find(c.get('principal'), c.req.valid('param').id);
    const { method, params, result, correlation_id: correlationId, upstream_error: upstreamError } = c.req.valid('json');
    const shown = method === 'tools/list' ? toolsOf(result) : {};
    const name = method === 'tools/call' && typeof params?.['name'] === 'string' ? params['name'] : undefined;
    const outcome = upstreamError === undefined || upstreamError === null ? 'complete' : 'upstream-failed';
    logLocalCall?.({ requestId: c.get('requestId'), connectorId: connector.id, subject, method, name, correlationId, outcome });
    return c.json(shown, 200);
  });
}

/** For whom a call is made, as at the proxy. @throws ERR_LOCAL_SUBJECT, ERR_ROLE */
function subjectOf(principal: Principal): Subject {
  const { subject, mayCall } = callerOf(principal);
  if (subject === undefined) throw fail('ERR_LOCAL_SUBJECT', "An organization's API key stands for nobody, so it cannot call servers.");
  if (!mayCall) throw fail('ERR_ROLE', 'The role of this account does not include calling servers.');
  return subject;
}

const pageSize = 500;

/** The id of the only connector of this name. @throws ERR_LOCAL_TARGET_UNKNOWN, ERR_LOCAL_TARGET_AMBIGUOUS */
async function resolve(connectors: Connectors, principal: Principal, name: string): Promise<string> {
  const found: string[] = [];
  for (let offset = 0, total = 1; offset < total; offset += pageSize) {
    const page = await connectors.list(principal, { limit: pageSize, offset });
    found.push(...page.items.filter((connector) => connector.name === name).map(({ id }) => id));
    ({ total } = page);
  }
  const [id, ...others] = found;
  if (id === undefined) throw fail('ERR_LOCAL_TARGET_UNKNOWN', 'No connector has this name.');
  if (others.length > 0)
    throw fail('ERR_LOCAL_TARGET_AMBIGUOUS', `${found.length} connectors have this name: ${found.slice(0, 5).join(', ')}.`);
  return id;
}

function toolsOf(result: unknown): unknown[] {
  if (Array.isArray(result)) return result;
  throw fail('ERR_REQUEST_INVALID', 'result: The result of tools/list is an array of tools.');
}
