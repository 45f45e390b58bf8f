// Refuses calls that reached the platform under a foreign name: DNS rebinding. The upstream's own guard sees only our Host.
import { fail } from './error-codes.ts';

/** Checks under which name a call came and from which page. */
export interface HostGuard {
  /** @throws `ERR_PROXY_HOST` */
  checkHost(host: string | undefined): void;
  /** For calls that need a key. Exposed routes are open to everybody, sandboxed consent pages (`Origin: null`) among them. @throws `ERR_PROXY_ORIGIN` */
  checkOrigin(origin: string | undefined): void;
}

/**
 * A guard for a platform at `platform`. Hosts are compared without their port. A platform on loopback can be reached by any page
 * in a browser on the same machine, so there `Origin` must be a loopback one too, or one of `allowedOrigins`.
 */
export function createHostGuard(platform: URL, allowedHosts: readonly string[], allowedOrigins: readonly string[]): HostGuard {
  const local = isLoopbackName(platform.hostname);
  const hosts = new Set([platform.hostname, ...allowedHosts.map((host) => host.toLowerCase())]);
  const origins = new Set([platform.origin, ...allowedOrigins]);
  return {
    checkHost(host) {
      const name = host === undefined ? '' : hostName(host.toLowerCase());
      if (!hosts.has(name) && !(local && isLoopbackName(name)))
        throw fail('ERR_PROXY_HOST', 'The Host header does not name this platform.');
    },
    checkOrigin(origin) {
      if (!local || origin === undefined || origins.has(origin) || isLoopbackName(originHost(origin))) return;
      throw fail('ERR_PROXY_ORIGIN', 'A page of another site may not call a platform on this machine.');
    },
  };
}

/** Whether a host name can only mean this machine. @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || (name.startsWith('127.') && isDottedQuad(name));
}

function isDottedQuad(name: string): boolean {
  const parts = name.split('.');
  return parts.length === 4 && parts.every((part) => part !== '' && part.length < 4 && Number(part) < 256);
}

function hostName(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':');
  return end <= 0 ? host : host.slice(0, end);
}

function originHost(origin: string): string {
  const lower = origin.toLowerCase();
  const slashes = lower.indexOf('://');
  return slashes === -1 ? '' : hostName(lower.slice(slashes + 3));
}
