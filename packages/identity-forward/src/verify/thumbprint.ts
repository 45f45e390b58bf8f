// The shape of a key id: an RFC 7638 thumbprint over SHA-256.

const thumbprint = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Whether a value looks like a thumbprint: 32 bytes in canonical base64url. What does not never reaches the network. */
export function isThumbprint(value: unknown): value is string {
  return typeof value === 'string' && thumbprint.test(value);
}
