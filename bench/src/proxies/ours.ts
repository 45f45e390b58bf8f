// The proxy as the server runs it: its front door, key check, identity headers or tokens, access records, metrics and caches.
import { openSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import type { SigningKey } from '@runlayer/identity-forward';
import type { Caller, ProxyRoute } from '@runlayer/proxy';
import { buildProxy, createFrontDoor, createLog, openLogLines, readSettings } from '@runlayer/server/testing/serving';
import { answerWatch } from './under-watch.ts';

const { PORT = '', UPSTREAM = '', DEPLOYMENT = '', KEY = '', CALLER = '{}', ISSUER = '', SIGNING_KEY = '', TOKEN } = process.env;
const who = JSON.parse(CALLER) as { organizationId: string; userId: string; userEmail: string };

const route: ProxyRoute = {
  id: DEPLOYMENT,
  organizationId: who.organizationId,
  serverId: DEPLOYMENT,
  endpoints: [{ host: '127.0.0.1', port: Number(UPSTREAM) }],
  mcpPath: '/mcp',
  expose: [],
  forward: { headers: true, token: TOKEN !== undefined },
};
const routes = new Map([[DEPLOYMENT, route]]);
const callers = new Map<string, Caller>([
  [KEY, { organizationId: who.organizationId, mayCall: true, subject: { subjectType: 'user', ...who } }],
]);
const signingKey = JSON.parse(SIGNING_KEY) as SigningKey;

if (TOKEN === 'node') hide('sodium-native');
const settings = readSettings({ PORT, RUNLAYER_URL: ISSUER });
const lines = openLogLines(openSync('/dev/null', 'w'));
let recorded = 0;
const log = createLog(settings.logLevel, {
  write(line) {
    recorded += 1;
    lines.write(line);
  },
});
const sources = {
  routes: { deployment: (id: string) => routes.get(id), connector: () => undefined },
  // Asked again when the cache's answer is too old, like the server's database.
  authenticate: (credential: string) => Promise.resolve(callers.get(credential)),
  signingKey: () => signingKey,
  sessions: { find: () => Promise.resolve([]), write: () => Promise.resolve() },
};
const { proxy, metrics } = buildProxy(settings, ISSUER, sources, log);
const door = createFrontDoor(settings);
door.open({ proxy, api: (_request, response) => void response.writeHead(404).end() });
door.server.listen(Number(PORT), '127.0.0.1');
answerWatch(() => ({ recorded, counted: countedIn(metrics()), sodium: isLoaded('sodium-native') }));

/** Makes a package look as if it were not installed. */
function hide(name: string): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === name) throw new Error(`${name} is hidden.`);
      return next(specifier, context);
    },
  });
}

function isLoaded(name: string): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes(`/node_modules/${name}/`));
}

/** The sum of a counter's lines in Prometheus' text. */
function countedIn(text: string): number {
  const values = [...text.matchAll(/^runlayer_proxy_calls_total\{.*\} (\d+)$/gm)].map(([, value]) => Number(value));
  return values.reduce((sum, value) => sum + value, 0);
}
