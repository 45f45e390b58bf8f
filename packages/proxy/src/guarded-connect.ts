// Connects only to addresses that are allowed: checked on the very address that is connected, so that DNS cannot change its mind between.
import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress } from './public-ip.ts';
import { AddressRefused } from './upstream.ts';

/** What {@link guardedConnector} lets through. */
export interface AddressGuard {
  readonly allowAddress: (address: string) => boolean;
  readonly lookup?: LookupFunction | undefined;
  readonly timeoutMs: number;
}

/** An undici connector that refuses addresses which are neither public nor allowed, literal or resolved. */
export function guardedConnector(guard: AddressGuard): buildConnector.connector {
  const connect = buildConnector({ timeout: guard.timeoutMs, allowH2: false, lookup: guardedLookup(guard) });
  return (options, callback) => {
    const literal = options.hostname.replaceAll('[', '').replaceAll(']', '');
    if (isIP(literal) !== 0 && !isAllowed(literal, guard)) return callback(refused(options.hostname), null);
    return connect(options, callback);
  };
}

/** Resolves a name and refuses it when any of its addresses is not allowed. */
export function guardedLookup(guard: Pick<AddressGuard, 'allowAddress' | 'lookup'>): LookupFunction {
  const lookup = guard.lookup ?? dnsLookup;
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses: LookupAddress[] = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address, guard))) return callback(refused(hostname), []);
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

function isAllowed(address: string, guard: Pick<AddressGuard, 'allowAddress'>): boolean {
  return isPublicAddress(address) || guard.allowAddress(address);
}

function refused(hostname: string): AddressRefused {
  return new AddressRefused(`${hostname} has an address that is not public`);
}
