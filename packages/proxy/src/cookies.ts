// The platform and its servers share one web origin: keeps their cookies apart.

/** A `Cookie` header without the platform's own cookies; `undefined` when nothing is left. */
export function withoutPlatformCookies(header: string, platformPrefix: string): string | undefined {
  if (!header.toLowerCase().includes(platformPrefix)) return header;
  const kept = header.split(';').filter((pair) => !isPlatformCookie(pair, platformPrefix));
  return kept.length === 0 ? undefined : kept.join(';').trim();
}

/**
 * A server's `Set-Cookie`, held below its public prefix and to this host; `undefined` when it takes one of the platform's names.
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.2
 */
export function scopedCookie(header: string, platformPrefix: string, publicPrefix: string): string | undefined {
  const [pair = '', ...attributes] = header.split(';');
  if (isPlatformCookie(pair, platformPrefix)) return undefined;
  const given = attributes.findLast((attribute) => attributeName(attribute) === 'path');
  const path = given === undefined ? '' : given.slice(given.indexOf('=') + 1).trim();
  const kept = attributes.filter((attribute) => attributeName(attribute) !== 'path' && attributeName(attribute) !== 'domain');
  return [pair, ` Path=${scopedPath(path, publicPrefix)}`, ...kept].join(';');
}

function scopedPath(path: string, publicPrefix: string): string {
  if (path === publicPrefix || path.startsWith(`${publicPrefix}/`)) return path;
  return path.startsWith('/') ? publicPrefix + path : `${publicPrefix}/`;
}

function attributeName(attribute: string): string {
  const equals = attribute.indexOf('=');
  return (equals === -1 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
}

/** A nameless cookie is sent as its bare value, so `=name=value` can pass for `name=value`: leading `=` are skipped. */
function isPlatformCookie(pair: string, platformPrefix: string): boolean {
  let name = pair.trim().toLowerCase();
  while (name.startsWith('=')) name = name.slice(1).trim();
  for (const prefix of ['__host-', '__secure-']) if (name.startsWith(prefix)) name = name.slice(prefix.length);
  return name.startsWith(platformPrefix);
}
