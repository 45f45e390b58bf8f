// The credentials of a deployment: derived from one secret, so that none has to be kept, and the key's id tells whose it is.
import { createHmac } from 'node:crypto';

/** What a deployment signs its requests with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Letters and digits only: DynamoDB Local refuses other key ids, and tools expect 16 to 128 of them. */
const idPrefix = 'RLTABLE';
const idPattern = /^RLTABLE([0-9A-F]{8})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{12})$/;

/**
 * The key of a deployment: the same for the same secret and deployment. Who knows one key learns nothing of another's.
 *
 * @param deploymentId A UUID.
 */
export function accessKeyOf(secret: Uint8Array, deploymentId: string): AccessKey {
  const accessKeyId = idPrefix + deploymentId.replaceAll('-', '').toUpperCase();
  return { accessKeyId, secretAccessKey: secretOf(secret, deploymentId) };
}

/** The deployment whose key this is the id of; nothing where it is no id of ours. Whether its holder has the secret is told by a signature only. */
export function deploymentOf(accessKeyId: string): string | undefined {
  return idPattern.exec(accessKeyId)?.slice(1).join('-').toLowerCase();
}

/** 256 bits in base64url, which needs no quoting in an environment or a URL. */
function secretOf(secret: Uint8Array, deploymentId: string): string {
  return createHmac('sha256', secret).update(`runlayer local table key 1\0${deploymentId.toLowerCase()}`).digest('base64url');
}
