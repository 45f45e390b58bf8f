// People and agent accounts as callers see them.

/** A person of the organization. Times are ISO 8601 UTC. */
export interface User {
  readonly id: string;
  readonly organizationId: string;
  /** Lower-case. */
  readonly email: string;
  readonly name: string;
  readonly role: 'admin' | 'member';
  readonly disabled: boolean;
  readonly createdAt: string;
}

/** An agent account: a program with credentials of its own. Times are ISO 8601 UTC. */
export interface Agent {
  readonly id: string;
  readonly organizationId: string;
  /** Any Unicode text without control characters, 1–200 characters. */
  readonly name: string;
  readonly disabled: boolean;
  readonly createdAt: string;
}
