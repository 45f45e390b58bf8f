// Signs identity tokens with the control plane's current key.
import type { ControlPlane } from '@runlayer/control-plane';
import { createSigner } from '@runlayer/identity-forward/sign';
import type { Sign } from '@runlayer/proxy';

/** A signing function for the proxy. The current key is asked for with every token, so a rotation takes effect at once. */
export function identitySigner(issuer: string, { signingKeys }: Pick<ControlPlane, 'signingKeys'>): Sign {
  const signer = createSigner({ issuer, key: () => signingKeys.current() });
  return (subject, serverId) => signer.sign(subject, serverId);
}
