// The proxy as the server runs it, whatever process it is in: limits from the settings, every call logged and counted.
import type { ControlPlane } from '@runlayer/control-plane';
import type { SigningKey } from '@runlayer/identity-forward';
import { createSigner, type Signer } from '@runlayer/identity-forward/sign';
import { type Authenticate, createCallMetrics, createProxy, type Proxy, type Routes, type SessionStore } from '@runlayer/proxy';
import { errorFields, type Log } from '../http/logger.ts';
import { allowsPrivateUpstreams } from '../settings/addresses.ts';
import type { Settings } from '../settings/read-settings.ts';
import { createAccessLog } from './access-log.ts';
import { callerOf, proxyRoutes } from './proxy-routes.ts';

/** Where the proxy learns what it must know: the control plane, or the process that has it. */
export interface ProxySources {
  readonly routes: Routes;
  readonly authenticate: Authenticate;
  /** The key that signs now: asked for with every token, so a rotation takes effect at once. */
  readonly signingKey: () => SigningKey;
  readonly sessions: SessionStore;
}

/** A proxy with its numbers. */
export interface BuiltProxy {
  readonly proxy: Proxy;
  /** In the text format of Prometheus. */
  readonly metrics: () => string;
}

/** The sources of a proxy in the control plane's own process. */
export function ownSources(controlPlane: ControlPlane): ProxySources {
  return {
    routes: proxyRoutes(controlPlane),
    authenticate: async (credential) => {
      const principal = await controlPlane.authenticate(credential);
      return principal === undefined ? undefined : callerOf(principal);
    },
    signingKey: () => controlPlane.signingKeys.current(),
    sessions: controlPlane.sessions,
  };
}

/**
 * @param url public address of the platform, the issuer of identity tokens
 * @param signer mints identity tokens. Default: one of its own, with the key of the sources
 */
export function buildProxy(
  settings: Settings,
  url: string,
  { signingKey, ...sources }: ProxySources,
  log: Log,
  signer: Signer = createSigner({ issuer: url, key: signingKey }),
): BuiltProxy {
  const logCall = settings.accessLog ? createAccessLog(log) : undefined;
  const metrics = createCallMetrics({
    running: () => proxy.stats().running,
    authentication: () => proxy.stats().authentication,
    circuits: () => proxy.stats().circuits,
    refused: () => proxy.stats().refused,
    sessions: () => proxy.stats().sessions,
  });
  const proxy = createProxy({
    ...sources,
    sign: (subject, serverId) => signer.sign(subject, serverId),
    platformUrl: url,
    allowedHosts: settings.allowedHosts,
    allowedOrigins: settings.allowedOrigins,
    allowAddress: allowsPrivateUpstreams(settings, url) ? () => true : undefined,
    limits: settings.proxyLimits,
    onSessionsLost: (lost, cause) =>
      log.warn('sessions could not be stored', { sessions: lost, ...(cause === undefined ? {} : errorFields(cause)) }),
    accessLog: (record) => {
      metrics.observe(record);
      logCall?.(record);
    },
  });
  return { proxy, metrics: metrics.text };
}
