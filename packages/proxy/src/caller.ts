// Who calls, as the platform's authentication tells it.
import type { Subject } from '@runlayer/identity-forward';

/** The owner of a credential. */
export interface Caller {
  readonly organizationId: string;
  /** For whom calls are made. Left out for an organization's API key, which may not call servers. */
  readonly subject?: Subject | undefined;
  /** Whether the caller's role may call servers at all. */
  readonly mayCall: boolean;
}

/** The owner of an API key or access token; `undefined` when it is not (or no longer) good. Throwing means it could not be asked. */
export type Authenticate = (credential: string) => Caller | undefined | Promise<Caller | undefined>;

/** Mints an identity token for one call to one server. */
export type Sign = (subject: Subject, serverId: string) => string | Promise<string>;
