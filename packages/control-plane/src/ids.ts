// Identifiers that come from outside: whatever is no UUID is unknown, and never reaches the database.

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The id in the database's spelling; `undefined` when it is no UUID. */
export function asUuid(id: unknown): string | undefined {
  return typeof id === 'string' && uuid.test(id) ? id.toLowerCase() : undefined;
}
