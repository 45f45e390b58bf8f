// Discovery documents of an upstream's own OAuth, where clients look for them: at the platform's root, before the path of its URL.
import { fail } from './error-codes.ts';
import { isExposed } from './exposed-path.ts';
import type { PreparedRoute } from './prepared-route.ts';
import { proxyPrefix, readTarget } from './request-target.ts';
import type { RequestTarget } from './request-target.ts';

/** Documents that clients find by putting their name before a path: RFC 8414, section 3.1 (with its OpenID form), and RFC 9728, section 3.1. */
const documents = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration', '/.well-known/oauth-protected-resource'];

/**
 * Whether a URL asks for a discovery document of a deployment or a connector, such as
 * `/.well-known/oauth-authorization-server/api/v1/proxy/hosted/<id>`. No MCP client looks for the document of an issuer with a path
 * anywhere else.
 */
export function isWellKnownTarget(url: string): boolean {
  return url.startsWith('/.well-known/o') && documentOf(url) !== undefined;
}

/** The parts of such a URL; `undefined` when it names nothing. Its `path` is the document's as it would be below the prefix. */
export function readWellKnownTarget(url: string): RequestTarget | undefined {
  const document = documentOf(url);
  const below = document === undefined ? undefined : readTarget(url.slice(document.length));
  return document === undefined || below === undefined ? undefined : { ...below, path: document + below.path, document };
}

/**
 * The upstream's paths that may hold the document, most telling first: the whole one (SDK servers mount it when their resource has a
 * path), the one below the upstream's own root, and the document of the root itself. Only those that `service.expose` opens; none
 * means that nobody may ask.
 *
 * @param plain `path` of the target as `plainPath` reads it
 */
export function wellKnownPaths(
  { document, prefix, path, query }: RequestTarget,
  plain: string,
  { route: { expose }, mcpPath }: Pick<PreparedRoute, 'mcpPath'> & { readonly route: Pick<PreparedRoute['route'], 'expose'> },
): string[] {
  const paths: string[] = [];
  for (const before of [prefix, '']) {
    if (isExposed(document + before + plain.slice(document.length), expose, mcpPath))
      paths.push(document + before + path.slice(document.length) + query);
  }
  if (path !== document && isExposed(document, expose, mcpPath)) paths.push(document + query);
  return paths;
}

/** `Allow` of a discovery document at the platform's root. */
export const documentMethods = 'GET, HEAD, OPTIONS';

/** @throws `ERR_PROXY_METHOD` for anything but reading a discovery document at the platform's root */
export function checkDocumentMethod({ document }: RequestTarget, method: string | undefined): void {
  if (document === '' || method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  throw fail('ERR_PROXY_METHOD', 'A discovery document can only be read.');
}

/** Whether an answer leaves it open that the document is at another path: some servers want a login on each path that they do not know. */
export function mayBeElsewhere(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

function documentOf(url: string): string | undefined {
  return documents.find((document) => url.startsWith(proxyPrefix, document.length) && url.startsWith(document));
}
