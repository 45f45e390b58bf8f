// What generated documentation reads from the server: its settings and its errors.
export { settingsReference } from './settings/reference.ts';
export { serverErrors } from './error-codes.ts';
