// The composition of the package: its verbs over one database, and the worker behind them.
import { hostname } from 'node:os';
import type { Audit } from './audit/audit.ts';
import { createAudit } from './audit/create-audit.ts';
import type { Bootstrap } from './bootstrap.ts';
import { bootstrap } from './bootstrap.ts';
import type { Connectors } from './connectors/connectors.ts';
import { createConnectors } from './connectors/create-connectors.ts';
import { contextOf } from './context.ts';
import { createDeployments } from './deployments/create-deployments.ts';
import type { Deployments } from './deployments/deployments.ts';
import type { ApiKeys } from './keys/api-keys.ts';
import { createAuthenticate } from './keys/authenticate.ts';
import { createApiKeys } from './keys/create-api-keys.ts';
import type { ControlPlaneOptions } from './options.ts';
import { createPeople } from './people/create-people.ts';
import type { People } from './people/people.ts';
import type { Principal } from './principal.ts';
import { createReleases } from './releases/create-releases.ts';
import type { Releases } from './releases/releases.ts';
import { createRoutes } from './routes/create-routes.ts';
import { createLooks } from './routes/looks.ts';
import type { Routes } from './routes/route.ts';
import { createRevisionWatch } from './routes/watch-revisions.ts';
import { createTargetWatch } from './routes/watch-target.ts';
import { checkCanary, renewCanary } from './sealing/canary.ts';
import { resealAll } from './sealing/reseal.ts';
import { createSessions } from './sessions/create-sessions.ts';
import type { Sessions } from './sessions/sessions.ts';
import { createSessionSweep } from './sessions/sweep.ts';
import { createSigningKeys } from './signing-keys/create-signing-keys.ts';
import { ringTiming } from './signing-keys/ring-context.ts';
import type { SigningKeys } from './signing-keys/signing-keys.ts';
import { workerSettings } from './worker/settings.ts';
import { within } from './within.ts';
import { createWorker } from './worker/worker.ts';

/** The platform without HTTP. */
export interface ControlPlane {
  readonly bootstrap: Bootstrap;
  /** Who an API key belongs to; `undefined` for one that is unknown, expired, revoked, or of a disabled account. */
  authenticate(key: string): Promise<Principal | undefined>;
  /** Calls back after a key, a person or an agent account changed here; call what it returns to stop. A listener must not throw. */
  onCredentialsChange(listener: () => void): () => void;
  readonly deployments: Deployments;
  readonly releases: Releases;
  readonly connectors: Connectors;
  readonly people: People;
  readonly apiKeys: ApiKeys;
  readonly audit: Audit;
  readonly routes: Routes;
  readonly signingKeys: SigningKeys;
  /** MCP sessions, for the proxy. */
  readonly sessions: Sessions;
  /** Starts the worker, the removal of old sessions, and the watch over the target and the signing keys; unfinished releases and removals go on. */
  start(): Promise<void>;
  /** Stops them and waits, at most a second longer than `stopGraceMs`; what was begun is left for the next start. Does not close the database. */
  stop(): Promise<void>;
}

/**
 * Makes a control plane over an open database. The first time it makes the organization, the first admin and the signing keys.
 * Throws `ERR_SEAL_KEY_WRONG` when the database was sealed with other keys, `ERR_INPUT_INVALID` for an unusable admin key,
 * `ERR_API_KEY_EXISTS` when that key is another account's.
 */
export async function createControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const context = contextOf(options);
  const made = await bootstrap(context, options.bootstrap);
  if ((await checkCanary(context.database, context.sealer, made.organizationId)) === 'former') {
    await resealAll(context.database, context.sealer);
    await renewCanary(context.database, context.sealer, made.organizationId);
  }
  const settings = workerSettings(options.worker);
  const worker = createWorker(context, settings, `${hostname()} ${process.pid} ${context.newId()}`);
  const watchRevisions = createRevisionWatch(context);
  const routes = createRoutes(context);
  const watchTarget = createTargetWatch(context, createLooks(context, routes));
  const sessions = createSessions(context);
  const sweep = createSessionSweep(context, sessions);
  const ring = await createSigningKeys(
    { ...context, organizationId: made.organizationId, timing: ringTiming(options.signingKeys, settings.pollMs) },
    settings.pollMs,
  );
  let watch: NodeJS.Timeout | undefined;
  return {
    bootstrap: made,
    authenticate: createAuthenticate(context),
    onCredentialsChange: (listener) => context.signals.hear('credentials', listener),
    deployments: createDeployments(context),
    releases: createReleases(context),
    connectors: createConnectors(context),
    people: createPeople(context),
    apiKeys: createApiKeys(context),
    audit: createAudit(context),
    routes,
    signingKeys: ring.keys,
    sessions,
    async start() {
      await worker.start();
      sweep.start();
      watchTarget.start();
      ring.watch.start();
      watch ??= setInterval(() => void watchRevisions(), settings.pollMs).unref();
    },
    async stop() {
      clearInterval(watch);
      watch = undefined;
      // The parts bound what they wait for themselves, save a database that does not answer.
      const parts = Promise.all([worker.stop(), watchTarget.stop(), sweep.stop(), ring.watch.stop()]);
      await within(settings.stopGraceMs + 1000, parts);
    },
  };
}
