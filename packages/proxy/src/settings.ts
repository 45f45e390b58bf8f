// Options with their defaults filled in and their bounds checked.
import { fail } from './error-codes.ts';
import type { ProxyLimits, ProxyOptions } from './options.ts';

/** Options ready to use. */
export interface ProxySettings extends Readonly<Record<keyof ProxyLimits, number>> {
  readonly platform: URL;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly cookiePrefix: string;
  readonly challenge: ProxyOptions['challenge'];
  readonly now: () => number;
}

const defaults: Readonly<Record<keyof ProxyLimits, number>> = {
  connectTimeoutMs: 5_000,
  firstByteTimeoutMs: 3_600_000,
  keepAliveTimeoutMs: 4_000,
  authenticationTtlMs: 1_000,
  authenticationEntries: 10_000,
  wholeBodyBytes: 65_536,
  wholeBodyMs: 60_000,
  requestBodyBytes: 0,
  concurrentCalls: 10_000,
  totalCalls: 0,
  idleTimeoutMs: 0,
  streamCommentMs: 15_000,
  recheckMs: 5_000,
};

const most: Partial<Record<keyof ProxyLimits, number>> = { authenticationTtlMs: 30_000, wholeBodyBytes: 16_777_216 };

/** @throws `ERR_PROXY_OPTIONS` */
export function readSettings(options: ProxyOptions): ProxySettings {
  const { limits = {}, allowedHosts = [], allowedOrigins = [], cookiePrefix = 'runlayer', challenge, clock = Date.now } = options;
  const numbers = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, checked(name as keyof ProxyLimits, limits[name as keyof ProxyLimits] ?? value)]),
  );
  const prefix = cookiePrefix.toLowerCase();
  if (prefix === '') throw fail('ERR_PROXY_OPTIONS', 'cookiePrefix is empty.');
  return {
    ...(numbers as Record<keyof ProxyLimits, number>),
    platform: platformUrl(options.platformUrl),
    allowedHosts,
    allowedOrigins,
    cookiePrefix: prefix,
    challenge,
    now: clock,
  };
}

function checked(name: keyof ProxyLimits, value: number): number {
  const limit = most[name] ?? 2_147_483_647;
  if (!Number.isInteger(value) || value < 0 || value > limit)
    throw fail('ERR_PROXY_OPTIONS', `limits.${name} is ${value}: it must be a whole number from 0 to ${limit}.`);
  return value;
}

function platformUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !url.protocol.startsWith('http') ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== ''
  ) {
    throw fail('ERR_PROXY_OPTIONS', 'platformUrl is not a plain http(s) address without a path.');
  }
  return url;
}
