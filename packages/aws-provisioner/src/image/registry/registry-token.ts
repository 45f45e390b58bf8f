// The token that a registry gives to anybody who asks for one image: its challenge read, and answered without credentials.
import { getFromRegistry, type RequestBounds } from './registry-request.ts';

/** Where a token is had, and for what. */
export interface Challenge {
  readonly realm: URL;
  readonly service: string | undefined;
}

/** Reads the header of a refusal. Nothing where it asks for something else than a token. @see https://distribution.github.io/distribution/spec/auth/token/ */
export function challengeOf(header: string | string[] | undefined): Challenge | undefined {
  const text = (typeof header === 'string' ? [header] : (header ?? [])).find((one) => /^bearer\s/i.test(one));
  if (text === undefined || text.length > 4096) return undefined;
  const parts = new Map([...text.matchAll(/([a-z]+)="([^"]*)"/gi)].map(([, name = '', value = '']) => [name.toLowerCase(), value]));
  const realm = parts.get('realm');
  return realm === undefined || !URL.canParse(realm) ? undefined : { realm: new URL(realm), service: parts.get('service') };
}

/** A token to pull one repository with; nothing where nobody gets one without credentials. */
export async function anonymousToken(
  { realm, service }: Challenge,
  repository: string,
  bounds: Omit<RequestBounds, 'mostBytes'>,
): Promise<string | undefined> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  // Not the scope of the challenge: more than to pull this repository is not wanted.
  url.searchParams.set('scope', `repository:${repository}:pull`);
  const answer = await getFromRegistry(url, { accept: 'application/json' }, { ...bounds, mostBytes: 65_536 });
  return answer.status === 200 ? tokenIn(answer.body.toString()) : undefined;
}

function tokenIn(text: string): string | undefined {
  try {
    const { token, access_token: other } = JSON.parse(text) as { token?: unknown; access_token?: unknown };
    const found = token ?? other;
    return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
