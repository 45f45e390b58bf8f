// What a benchmark needs to run the proxy as the server runs it. Not published.
export { createLog } from '../http/logger.ts';
export { openLogLines } from '../http/log-lines.ts';
export { readSettings } from '../settings/read-settings.ts';
export { buildProxy } from '../start/build-proxy.ts';
export { createFrontDoor } from '../start/front-door.ts';
