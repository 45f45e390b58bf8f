// Numbers the changes that routes depend on, so that other servers on the same database notice them.
import { sql } from 'drizzle-orm';

/** The next number, for a column `route_revision`. */
export const nextRouteRevision = sql<number>`nextval('route_revisions')`;
