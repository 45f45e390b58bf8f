// What a client needs to connect to a server itself, as the wire shows it.
import type { WireIdentityBundle, WireLocalServer } from '@runlayer/api';
import type { Connector } from '@runlayer/control-plane';
import type { Subject } from '@runlayer/identity-forward';
import { identityTokenHeader, subjectHeaders } from '@runlayer/identity-forward/headers';

/** A connector that has an address. */
export type ConnectorByUrl = Connector & { readonly url: string };

/** One connector with the identity of whoever asks. */
export function wireLocalServer({ id, name, url, transport }: ConnectorByUrl, identity: WireIdentityBundle | null): WireLocalServer {
  return { id, name, url, transport_type: transport, sync_required: false, identity_forward: identity };
}

/** What the connector's toggles tell of the subject; null when both are off. @param token set when its toggle is on */
export function wireIdentity(
  subject: Subject,
  { headers }: Connector['identityForward'],
  token: string | undefined,
): WireIdentityBundle | null {
  if (!headers && token === undefined) return null;
  const plain = headers ? Object.fromEntries(subjectHeaders(subject)) : {};
  if (token === undefined) return { headers: plain, expires_at: null, applied: true };
  return { headers: { ...plain, [identityTokenHeader]: token }, expires_at: expiryOf(token), applied: true };
}

/** Unix seconds. */
function expiryOf(token: string): number {
  const [, claims = ''] = token.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }).exp;
}
