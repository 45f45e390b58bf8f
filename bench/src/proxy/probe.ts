// Proves that what is measured is right: whole answers, and the identity that a contender promises really upstream.
import type { SigningKey } from '@runlayer/identity-forward';
import { publicJwks } from '@runlayer/identity-forward/sign';
import { createVerifier } from '@runlayer/identity-forward/verify';
import type { Watched } from '../proxies/under-watch.ts';
import type { Running } from './contender.ts';
import { caller, deployment, key, requestHeaders, toolAnswer, toolCall } from './identity.ts';
import type { Probe } from './nginx.ts';

/** One call whose answer must be the upstream's, byte for byte. */
export async function checkToolCall(base: string): Promise<void> {
  const response = await fetch(`${base}/mcp`, { method: 'POST', headers: requestHeaders, body: toolCall });
  const text = await response.text();
  if (response.status !== 200 || text !== toolAnswer) throw new Error(`${base} answered ${response.status}: ${text}`);
}

/** Requests that the answering nginx has had since it started. */
export async function requestsSeen(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/status`)).text();
  return Number(/^ \d+ \d+ (\d+)/m.exec(text)?.[1]);
}

/** Throws unless ours wrote an access record of every call, and counted it. */
export function checkRecords(name: string, before: Watched | undefined, after: Watched | undefined, calls: number): void {
  if (!name.startsWith('ours')) return;
  const recorded = (after?.recorded ?? 0) - (before?.recorded ?? 0);
  const counted = (after?.counted ?? 0) - (before?.counted ?? 0);
  if (recorded < calls || counted < calls) throw new Error(`${name} recorded ${recorded} and counted ${counted} of ${calls} calls.`);
}

/** Throws unless the upstream was told who calls, as this contender promises, and not the key. */
export async function checkIdentity(contender: Running, signingKey: SigningKey): Promise<void> {
  const { name, base } = contender;
  const probe = await ask(base);
  const identifies = name.startsWith('ours') || name === 'go-signing';
  const signs = identifies && name !== 'ours';
  if (!identifies) return;
  if (probe.type !== 'user' || probe.user !== caller.userId || probe.key !== '')
    throw new Error(`${name} sent the identity ${JSON.stringify(probe)}.`);
  if ((probe.token !== '') !== signs) throw new Error(`${name} sent the token "${probe.token}".`);
  if (signs) await checkTokens(probe.token, (await ask(base)).token, contender, signingKey);
  const refused = await fetch(`${base}/probe`, { headers: { ...requestHeaders, 'x-runlayer-api-key': `${key}x` } });
  if (refused.status !== 401) throw new Error(`${name} answered ${refused.status} to a wrong key.`);
}

/** Two tokens of two requests: both good, and not the same. */
async function checkTokens(one: string, other: string, { name, issuer }: Running, signingKey: SigningKey): Promise<void> {
  if (one === other) throw new Error(`${name} sent a token twice.`);
  const verifier = createVerifier({ issuer, serverId: deployment, jwks: publicJwks([signingKey]) });
  await verifier.verify(one);
  await verifier.verify(other);
}

async function ask(base: string): Promise<Probe> {
  return (await (await fetch(`${base}/probe`, { headers: requestHeaders })).json()) as Probe;
}
