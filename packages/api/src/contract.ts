// Every route of the HTTP contract, by operation.
import * as connectors from './routes/connectors.ts';
import * as deployments from './routes/deployments.ts';
import * as local from './routes/local.ts';
import * as people from './routes/people.ts';
import * as platform from './routes/platform.ts';
import * as releases from './routes/releases.ts';
import * as signingKeys from './routes/signing-keys.ts';

const { jwksPath: _path, ...platformRoutes } = platform;

/** The contract: method, path, shapes and roles of each operation, by `operationId`. */
export const contract = { ...platformRoutes, ...deployments, ...releases, ...connectors, ...local, ...people, ...signingKeys };

/** Name of an operation, as in `operationId`. */
export type Operation = keyof typeof contract;
