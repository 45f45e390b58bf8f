// Turns addresses that an upstream names for itself into the public ones under which callers reach it.

/** How one upstream looks from inside and from outside. */
export interface AddressMap {
  /** Origins by which the upstream knows itself, such as `http://localhost:8000`. */
  readonly upstreamOrigins: readonly string[];
  /** Public origin of the platform, such as `https://mcp.example.com`. */
  readonly platformOrigin: string;
  /** Public path up to the id, such as `/api/v1/proxy/hosted/<id>`. */
  readonly prefix: string;
  /** For a connector: the upstream's path that stands behind `<prefix>/mcp`. */
  readonly mcpPath?: string | undefined;
  /** Whether callers can reach the upstream's own addresses: those of a connector by URL. */
  readonly isPublic?: boolean | undefined;
}

/**
 * A `Location` as callers must follow it. Absolute paths and addresses at the upstream's own origin move below the public prefix;
 * anything else (relative, another site, already public) stays as it is.
 */
export function publicLocation(location: string, map: AddressMap): string {
  const origin = map.upstreamOrigins.find((own) => isBelow(location, own));
  if (origin !== undefined) return map.platformOrigin + publicPath(location.slice(origin.length), map);
  if (!location.startsWith('/') || location.startsWith('//') || location.startsWith('/\\')) return location;
  return isBelow(location, map.prefix) ? location : publicPath(location, map);
}

/** Whether a public address, read against the public path of the call it answers, is below the upstream's prefix. */
export function staysBelow(location: string, publicPath: string, { platformOrigin, prefix }: AddressMap): boolean {
  const base = platformOrigin + publicPath;
  if (!URL.canParse(location, base)) return false;
  const { origin, pathname } = new URL(location, base);
  return origin === platformOrigin && isBelow(pathname, prefix);
}

/**
 * The public path for the address of an `endpoint` event (HTTP+SSE transport of 2024-11-05): relative, absolute, at the upstream's
 * own origin, or already public.
 *
 * @param streamPath upstream path of the stream, against which a relative address is read
 * @returns undefined for an address at another origin: following it would hand the caller's credential to it
 */
export function publicEndpoint(endpoint: string, streamPath: string, map: AddressMap): string | undefined {
  const base = map.upstreamOrigins[0] as string;
  if (!URL.canParse(endpoint, base + streamPath)) return undefined;
  const url = new URL(endpoint, base + streamPath);
  const path = url.pathname + url.search;
  if (url.origin === map.platformOrigin || map.upstreamOrigins.includes(url.origin))
    return isBelow(path, map.prefix) ? path : ownPath(path, url, map);
  return undefined;
}

/** At the platform's origin only what is below the prefix belongs to the upstream. */
function ownPath(path: string, url: URL, map: AddressMap): string | undefined {
  return map.upstreamOrigins.includes(url.origin) ? publicPath(path, map) : undefined;
}

function publicPath(path: string, map: AddressMap): string {
  if (map.mcpPath === undefined) return map.prefix + path;
  return isBelow(path, map.mcpPath) ? `${map.prefix}/mcp${path.slice(map.mcpPath.length)}` : map.prefix + path;
}

/** Whether `text` is `start` itself or goes on below it. */
export function isBelow(text: string, start: string): boolean {
  if (!text.startsWith(start)) return false;
  const next = text[start.length];
  return next === undefined || next === '/' || next === '?' || next === '#';
}
