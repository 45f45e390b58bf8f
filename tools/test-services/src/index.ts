// The surface of @runlayer/test-services, for tests only.
export { describeWith } from './describe-with.ts';
export { commandMissing, dockerMissing, postgresBinary, postgresMissing } from './services.ts';
export type { Missing } from './services.ts';
export { temporaryPostgres } from './temporary-postgres.ts';
export type { TemporaryPostgres } from './temporary-postgres.ts';
