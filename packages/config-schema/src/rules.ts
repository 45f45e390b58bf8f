// What several keys must agree on: checked once each of them reads well by itself.
import type { Reading } from './reading.ts';
import type { Finding } from './report.ts';
import { looksLikeOAuth } from './shape/oauth-routes.ts';
import { exposesMcp } from './shape/route-path.ts';
import type { Values } from './shape/shape.ts';
import { checkSize } from './shape/sizes.ts';
import { roleVariable } from './platform-variables.ts';
import { joinPath, quoted } from './shorten.ts';

/** Reports every disagreement between keys. Looks only at keys that are there and read well, so that no fault is told twice. */
export function checkRules(reading: Reading, values: Values): void {
  checkMode(reading);
  checkPlatforms(reading, values);
  checkSizes(reading, values);
  checkExposed(reading, values);
  checkRoles(reading, values);
  checkScaling(reading, values);
}

function report(reading: Reading, finding: Finding): void {
  reading.report.issue({ at: reading.places.get(finding.path), ...finding });
}

function checkMode(reading: Reading): void {
  if (!reading.places.has('build') || !reading.places.has('image')) return;
  const message = '`build` and `image` cannot both be given.';
  report(reading, {
    path: 'image',
    message,
    expected: 'one of `build` and `image`',
    hint: 'Keep `image` to run an image that exists, `build` to build one.',
  });
}

function checkPlatforms(reading: Reading, values: Values): void {
  const built = values.build?.platform;
  const stated = values.infrastructure?.platform;
  if (built === undefined || stated === undefined || built === stated || reading.places.has('image')) return;
  const message = `\`infrastructure.platform\` must equal \`build.platform\`, which is ${built}.`;
  report(reading, {
    path: 'infrastructure.platform',
    message,
    found: stated,
    expected: built,
    suggestion: built,
    hint: 'Or remove it: it follows `build.platform`.',
  });
}

function checkSizes(reading: Reading, values: Values): void {
  const { cpu, memory } = values.infrastructure ?? {};
  if (cpu === undefined && reading.places.has('infrastructure.cpu')) return;
  const unread = memory === undefined && reading.places.has('infrastructure.memory');
  const complaint = checkSize(cpu, unread ? 'unread' : memory);
  if (complaint === undefined) return;
  const { key, ...rest } = complaint;
  const path = `infrastructure.${key}`;
  report(reading, { ...rest, path, at: reading.places.get(path) ?? reading.places.get('infrastructure') });
}

/** Paths a service is expected to answer MCP on where the file does not say. */
const usualMcpPaths = ['/mcp', '/sse'];

function checkExposed(reading: Reading, values: Values): void {
  const mcpPaths = values.service?.path === undefined ? usualMcpPaths : [values.service.path];
  for (const [index, route] of (values.service?.expose ?? []).entries()) {
    if (route === undefined) continue;
    const path = `service.expose[${index}]`;
    if (mcpPaths.some((mcp) => exposesMcp(route, mcp))) report(reading, { path, ...mcpExposed(route) });
    else if (!looksLikeOAuth(route)) reading.report.warning({ path, at: reading.places.get(path), found: quoted(route), ...notOAuth });
  }
}

function mcpExposed(route: string): Omit<Finding, 'path'> {
  return {
    message: '`expose` cannot include the MCP endpoint: anyone could call its tools.',
    found: quoted(route),
    expected: 'OAuth discovery and protocol endpoints only',
    hint: 'Remove it. Clients reach the MCP endpoint with the authentication of the platform.',
  };
}

const notOAuth = {
  message: 'This route needs no authentication and does not look like one of OAuth.',
  expected: 'OAuth discovery and protocol endpoints, such as /.well-known/oauth-authorization-server, /authorize, /token',
  hint: 'Anyone on the network can call it; `expose` is for OAuth discovery and protocol endpoints, such as /authorize. Remove it unless that is meant.',
};

function checkRoles(reading: Reading, values: Values): void {
  const seen = new Map<string, string>();
  for (const name of Object.keys(values.infrastructure?.aws?.assume_roles ?? {})) {
    const variable = roleVariable(name);
    const other = seen.get(variable);
    seen.set(variable, other ?? name);
    if (other === undefined) continue;
    const path = joinPath('infrastructure.aws.assume_roles', name);
    report(reading, {
      path,
      message: `${quoted(name)} and ${quoted(other)} would both become ${variable}.`,
      expected: 'names that differ in more than case',
    });
  }
}

function checkScaling(reading: Reading, values: Values): void {
  const { min_replicas: least, max_replicas: most } = values.infrastructure?.scaling ?? {};
  if (least === undefined || most === undefined || least <= most) return;
  const path = 'infrastructure.scaling.max_replicas';
  report(reading, {
    path,
    message: `\`max_replicas\` must be at least \`min_replicas\`, which is ${least}.`,
    found: String(most),
    expected: `${least} or more`,
    suggestion: String(least),
  });
}
