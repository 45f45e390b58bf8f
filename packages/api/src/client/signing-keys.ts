// Verbs on the keys that sign identity tokens. Admins only.
import { type Api, type CallOptions, type Schemas, signalOf, value } from './calls.ts';

/** Keys of identity tokens. */
export interface SigningKeyVerbs {
  /** Newest first, on one page: those in use and the last 50 of the others. */
  list(options?: CallOptions): Promise<Schemas['SigningKeyPage']>;
  /** Lets the next key sign as soon as every verifier has it; `now` does not wait for that. */
  rotate(input?: Schemas['RotateSigningKeys'], options?: CallOptions): Promise<Schemas['SigningKeyRotation']>;
  /** Takes a key away at once. @throws ERR_SIGNING_KEY_NOT_FOUND */
  revoke(kid: string, options?: CallOptions): Promise<Schemas['SigningKey']>;
}

const base = '/api/v1/signing-keys';

/** Binds the verbs to a client. */
export function signingKeyVerbs(api: Api): SigningKeyVerbs {
  return {
    list: (options = {}) => value('GET', base, api.GET(base, signalOf(options))),
    rotate: (body = {}, options = {}) => value('POST', `${base}/rotate`, api.POST(`${base}/rotate`, { body, ...signalOf(options) })),
    revoke: (kid, options = {}) =>
      value('POST', `${base}/${kid}/revoke`, api.POST(`${base}/{kid}/revoke`, { params: { path: { kid } }, ...signalOf(options) })),
  };
}
