// The one table of the errors of this package, and the function that makes them.
import type { ErrorMaker, ErrorTable } from '@runlayer/errors';
import { errorMaker } from '@runlayer/errors';

/** Codes of `@runlayer/control-plane`. */
export const controlPlaneErrors = {
  ERR_FORBIDDEN: { title: 'Not allowed', status: 403, hint: 'Ask an admin to do it, or use a key with the needed role.' },
  ERR_INPUT_INVALID: { title: 'Invalid input', status: 422 },
  ERR_DEPLOYMENT_NOT_FOUND: {
    title: 'Deployment not found',
    status: 404,
    hint: 'Check the id in runlayer.yaml, and that the host and key are of the same organization.',
  },
  ERR_DEPLOYMENT_NAME_INVALID: {
    title: 'Invalid deployment name',
    status: 422,
    hint: 'Use lower-case letters, digits, - and _, at most 63 of them.',
  },
  ERR_DEPLOYMENT_ID_MISMATCH: {
    title: 'Id of another deployment',
    status: 422,
    hint: 'Make the id in runlayer.yaml that of the deployment, or leave it out.',
  },
  ERR_DEPLOYMENT_IMAGE_MISSING: { title: 'No image', status: 422, hint: 'Build and push the image first; `runlayer deploy` does both.' },
  ERR_DEPLOYMENT_IMAGE_INVALID: {
    title: 'Invalid image reference',
    status: 422,
    hint: 'Give a reference such as repository:tag or repository@sha256:….',
  },
  ERR_DEPLOYMENT_UNSUPPORTED: {
    title: 'Not supported by this target',
    status: 422,
    hint: 'Remove the named setting, or deploy to a target that has it.',
  },
  ERR_DEPLOYMENT_NOT_CONFIGURED: {
    title: 'Nothing to deploy',
    status: 422,
    hint: 'Upload a runlayer.yaml first; `runlayer deploy` does it.',
  },
  ERR_DEPLOYMENT_DELETED: { title: 'Deployment is deleted', status: 409, hint: 'Make a new deployment with `runlayer deploy init`.' },
  ERR_DEPLOYMENT_HAS_CONNECTORS: {
    title: 'Connectors are attached',
    status: 409,
    hint: 'Delete the named connectors first, or use Delete All.',
  },
  ERR_DEPLOYMENT_PLATFORM: {
    title: 'Image of another architecture',
    status: 422,
    hint: 'Build the image for the stated platform, or state the platform of the image.',
  },
  ERR_TARGET_UNREACHABLE: {
    title: 'Target not reachable',
    status: 503,
    hint: 'Check that the container engine or cloud account of the platform answers, then try again.',
  },
  ERR_RELEASE_IN_PROGRESS: { title: 'A release is in progress', status: 409, hint: 'Wait until it ends, then deploy again.' },
  ERR_RELEASE_NOT_FOUND: { title: 'Release not found', status: 404 },
  ERR_CONNECTOR_NOT_FOUND: { title: 'Connector not found', status: 404 },
  ERR_CONNECTOR_INVALID: { title: 'Invalid connector', status: 422 },
  ERR_CONNECTOR_URL_INVALID: {
    title: 'Invalid address of a connector',
    status: 422,
    hint: 'Give an http: or https: address without user name, password or fragment.',
  },
  ERR_CONNECTOR_URL_REFUSED: {
    title: 'Address not allowed',
    status: 422,
    hint: 'Give a public address; the operator can allow private ones.',
  },
  ERR_USER_NOT_FOUND: { title: 'User not found', status: 404 },
  ERR_USER_EXISTS: { title: 'User exists', status: 409 },
  ERR_USER_LAST_ADMIN: { title: 'Last admin', status: 409, hint: 'Make another person admin first.' },
  ERR_AGENT_NOT_FOUND: { title: 'Agent account not found', status: 404 },
  ERR_API_KEY_NOT_FOUND: { title: 'API key not found', status: 404 },
  ERR_API_KEY_EXISTS: { title: 'API key in use', status: 409, hint: 'Choose another key, or let the platform make one.' },
  ERR_SIGNING_KEYS_STALE: {
    title: 'Signing keys not read',
    status: 503,
    hint: 'Check that this server reaches the database and has its sealing key.',
  },
  ERR_SIGNING_KEY_NOT_FOUND: {
    title: 'Signing key not found',
    status: 404,
    hint: 'Check the kid; `runlayer-server keys list` shows them.',
  },
  ERR_SIGNING_KEYS_FULL: {
    title: 'Too many signing keys',
    status: 409,
    hint: 'Wait until retired keys leave the published set, or revoke some of them.',
  },
  ERR_DATABASE_EMPTY: { title: 'Database not in use', status: 503, hint: 'Start the platform once on this database.' },
  ERR_DATABASE_LOCKED: {
    title: 'Data folder in use',
    status: 503,
    hint: 'Stop the other process, or give this one a data folder of its own.',
  },
  ERR_DATABASE_FOLDER: { title: 'Data folder not usable', status: 503, hint: 'Give a folder that this user may create and write.' },
  ERR_DATABASE_NO_SPACE: { title: 'No disk space', status: 507, hint: 'Free space on the disk of the database, then start again.' },
  ERR_DATABASE_UNREACHABLE: {
    title: 'Database not reachable',
    status: 503,
    hint: 'Check the address, user and password of the database, and that it runs.',
  },
  ERR_DATABASE_VERSION: { title: 'Unsupported Postgres', status: 503, hint: 'Use Postgres 15 or later.' },
  ERR_DATABASE_NEWER: {
    title: 'Database of a newer program',
    status: 503,
    hint: 'Start the version that last used this database, or a later one.',
  },
  ERR_DATABASE_MIGRATION: {
    title: 'Migration failed',
    status: 503,
    hint: 'The database is as it was before. Report the message, or go back to the former version.',
  },
  ERR_SEAL_KEY_INVALID: {
    title: 'Invalid sealing key',
    status: 503,
    hint: 'A sealing key is 32 random bytes in base64: `openssl rand -base64 32`.',
  },
  ERR_SEAL_KEY_MISSING: {
    title: 'Sealing key missing',
    status: 503,
    hint: 'Put the key file back from your backup: what was sealed cannot be read without it.',
  },
  ERR_SEAL_KEY_WRONG: {
    title: 'Wrong sealing key',
    status: 503,
    hint: 'Start with the key that sealed the database; after a rotation keep the former key as the second one.',
  },
  ERR_SEAL_BROKEN: {
    title: 'Sealed value broken',
    status: 500,
    hint: 'The stored value was changed or moved to another row. Restore it from a backup, or upload it again.',
  },
} as const satisfies ErrorTable;

/** Makes an error of this table. */
export const fail: ErrorMaker<typeof controlPlaneErrors> = errorMaker(controlPlaneErrors);
