// One request to a registry, bounded in bytes, time and redirects, and only to addresses that a registry may have.
import { lookup as dnsLookup } from 'node:dns';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isAllowedAddress, isLoopback } from './allowed-address.ts';

/** An answer that was read to its end. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a request may do. */
export interface RequestBounds {
  readonly mostBytes: number;
  /** Whether private and loopback addresses may be asked. */
  readonly allowPrivate: boolean;
  /** Ends everything, redirects included. */
  readonly signal: AbortSignal;
}

/** The registry, or somebody it names, does not answer as one does. */
export class RegistryTrouble extends Error {
  override readonly name = 'RegistryTrouble';
}

const mostRedirects = 5;

/**
 * Gets what is at an address, or with `HEAD` asks only whether it is there. What authorizes the request is sent to the first host
 * only: layers are redirected to storage of others.
 *
 * @throws `RegistryTrouble`
 */
export async function getFromRegistry(
  start: URL,
  headers: Readonly<Record<string, string>>,
  bounds: RequestBounds,
  method: 'GET' | 'HEAD' = 'GET',
): Promise<RegistryAnswer> {
  let url = start;
  for (let left = mostRedirects; left >= 0; left -= 1) {
    const { authorization: _secret, ...open } = headers;
    const answer = await get(url, url.origin === start.origin ? headers : open, bounds, method);
    const location = answer.headers['location'];
    if (answer.status < 300 || answer.status >= 400 || typeof location !== 'string') return answer;
    url = followed(location, url);
  }
  throw new RegistryTrouble(`${start.host} redirects more than ${mostRedirects} times`);
}

function followed(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) throw new RegistryTrouble(`${from.host} redirects to what is no address`);
  return new URL(location, from);
}

async function get(url: URL, headers: Readonly<Record<string, string>>, bounds: RequestBounds, method: string): Promise<RegistryAnswer> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isPlain = url.protocol === 'http:' && isLoopback(host);
  if (url.protocol !== 'https:' && !isPlain) throw new RegistryTrouble(`${url.host} is not asked over ${url.protocol.slice(0, -1)}`);
  // A literal address is not looked up, so the guard of the lookup does not see it.
  if (isIP(host) !== 0 && !isAllowedAddress(host, bounds.allowPrivate)) throw refused(url.host);
  const send: typeof httpsRequest = isPlain ? httpRequest : httpsRequest;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const lookup = guardedLookup(bounds.allowPrivate);
      const options: RequestOptions = { method, headers, signal: bounds.signal, lookup, agent: false };
      send(url, options, resolve).on('error', reject).end();
    });
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await bodyOf(answer, bounds.mostBytes) };
  } catch (error) {
    if (error instanceof RegistryTrouble) throw error;
    throw new RegistryTrouble(`${url.host} does not answer (${(error as { code?: string }).code ?? (error as Error).name})`, {
      cause: error,
    });
  }
}

function refused(host: string): RegistryTrouble {
  return new RegistryTrouble(`${host} is at an address that is not public`);
}

/** Checked on the very addresses that are connected, so that DNS cannot change its mind between. */
function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const allowed = found.filter(({ address }) => isAllowedAddress(address, allowPrivate));
      const [first] = allowed;
      if (first === undefined) return callback(refused(hostname), []);
      return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}

async function bodyOf(answer: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) {
      answer.destroy();
      throw new RegistryTrouble(`the answer has more than ${mostBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
