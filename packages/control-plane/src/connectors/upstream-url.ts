// Checks the address of a connector by URL: its form, and where its host leads.
import { isIP } from 'node:net';
import type { Context } from '../context.ts';
import { fail } from '../error-codes.ts';
import { addressKind } from './upstream-address.ts';

/** The address as it is kept. Throws `ERR_CONNECTOR_URL_INVALID`. */
export function parseUpstreamUrl(text: unknown): URL {
  const url = typeof text === 'string' && text.length <= 2048 && URL.canParse(text) ? new URL(text) : undefined;
  const wrong =
    url === undefined
      ? 'is not an address'
      : url.protocol !== 'http:' && url.protocol !== 'https:'
        ? `begins with ${url.protocol}`
        : url.username !== '' || url.password !== ''
          ? 'holds a user name or password'
          : url.hash !== ''
            ? 'ends in a fragment'
            : undefined;
  if (url === undefined || wrong !== undefined) throw fail('ERR_CONNECTOR_URL_INVALID', `The address of the connector ${wrong}.`);
  return url;
}

/**
 * Throws `ERR_CONNECTOR_URL_REFUSED` when the host is or leads to an address that is not allowed. A name that does not resolve now is
 * kept: the proxy looks again at every connection, since a name may lead elsewhere later.
 */
export async function refuseForbiddenHost(
  url: URL,
  { lookup, allowPrivateUpstreams }: Pick<Context, 'lookup' | 'allowPrivateUpstreams'>,
): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (/(^|\.)metadata(\.google)?\.internal$/i.test(host)) throw refused(host, 'metadata');
  const addresses = isIP(host) > 0 ? [host] : /(^|\.)localhost$/i.test(host) ? ['127.0.0.1'] : await resolve(host, lookup);
  const kinds = addresses.map(addressKind);
  if (kinds.includes('metadata')) throw refused(host, 'metadata');
  if (kinds.includes('private') && !allowPrivateUpstreams) throw refused(host, 'private');
}

async function resolve(host: string, lookup: Context['lookup']): Promise<readonly string[]> {
  const late = new Promise<readonly string[]>((done) => setTimeout(() => done([]), 3000).unref());
  return Promise.race([lookup(host), late]).catch(() => []);
}

function refused(host: string, kind: 'private' | 'metadata'): Error {
  const what = kind === 'metadata' ? 'a link-local or metadata address, which is never allowed' : 'a private address';
  return fail(
    'ERR_CONNECTOR_URL_REFUSED',
    `${host} is ${what}.`,
    kind === 'metadata' ? { hint: 'Give the address of the MCP server itself.' } : {},
  );
}
