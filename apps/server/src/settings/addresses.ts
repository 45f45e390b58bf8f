// What follows from the settings once the port is known: the public address, and what being on loopback means.
import { isIP } from 'node:net';
import type { Settings } from './read-settings.ts';

/** Whether a web address names this machine only. */
export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIP(hostname) === 4 && hostname.startsWith('127.'))
  );
}

/** `http://host:port` of a listener, ready to open: the address of all interfaces becomes loopback. */
export function listenerUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** The public address: as set, else that of the listener. */
export function platformUrl(settings: Settings, port: number): string {
  return settings.url ?? listenerUrl(settings.listen, port);
}

/** Whether connectors by URL may point at private addresses: as set, else only where nobody but this machine can call. */
export function allowsPrivateUpstreams(settings: Settings, url: string): boolean {
  if (settings.privateUpstreams !== undefined) return settings.privateUpstreams === 'allow';
  return isLoopback(url) && !listensBeyond(settings);
}

/** Whether other machines can connect. */
export function listensBeyond({ listen }: Settings): boolean {
  return !isLoopback(`http://${listen.includes(':') ? `[${listen}]` : listen}`);
}
