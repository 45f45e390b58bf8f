// Every error that the command makes itself; those of the server and of the libraries pass through unchanged.
import { errorMaker, type ErrorMaker, type ErrorTable } from '@runlayer/errors';

/** Codes of `@runlayer/cli`. */
export const cliErrors = {
  ERR_CLI_USAGE: { title: 'Wrong usage', status: 400, hint: 'Add --help to see how the command is used.' },
  ERR_CLI_HOST_MISSING: {
    title: 'No host',
    status: 400,
    hint: 'Give --host, set RUNLAYER_HOST, or save one with `runlayer login --host https://runlayer.example.com`.',
  },
  ERR_CLI_KEY_MISSING: {
    title: 'No API key',
    status: 400,
    hint: 'Give --secret, set RUNLAYER_API_KEY, or save one with `runlayer login`.',
  },
  ERR_CLI_LOGIN_FILE: { title: 'Saved logins unreadable', status: 422, hint: 'Correct the file, or remove it and log in again.' },
  ERR_CLI_CONFIG_MISSING: {
    title: 'Configuration missing',
    status: 422,
    hint: 'Make one with `runlayer deploy init`, or name another file with --config.',
  },
  ERR_CLI_CONFIG_INVALID: { title: 'Configuration invalid', status: 422, hint: 'Correct every place listed, then try again.' },
  ERR_CLI_CONFIG_EXISTS: {
    title: 'Configuration exists',
    status: 409,
    hint: 'Name another file with --config: an existing one is never overwritten.',
  },
  ERR_CLI_FILE_UNREADABLE: { title: 'File unreadable', status: 422, hint: 'Check the path, and that you may read it.' },
  ERR_CLI_FILE_NOT_WRITTEN: {
    title: 'File not written',
    status: 500,
    hint: 'Check that you may write to the folder, and that its disk has space.',
  },
  ERR_CLI_ID_MISSING: { title: 'No deployment id', status: 400, hint: 'Give --deployment-id, or a file with the id of its deployment.' },
  ERR_CLI_NAME_INVALID: { title: 'Name invalid', status: 400, hint: 'Use lower-case letters, digits, - and _ only, such as notes-mcp.' },
  ERR_CLI_DEPLOYMENT_DELETED: {
    title: 'Deployment deleted',
    status: 409,
    hint: 'Remove the id from the file to deploy it as a new one.',
  },
  ERR_CLI_EXPORT_EMPTY: { title: 'Nothing to pull', status: 502, hint: 'Deploy once, then pull.' },
  ERR_CLI_NO_RELEASE: { title: 'Nothing to watch', status: 409, hint: 'Start a release with `runlayer deploy`.' },
  ERR_CLI_RELEASE_FAILED: { title: 'Deployment failed', status: 500, hint: 'Correct what the message names, then deploy again.' },
  ERR_CLI_CONNECTORS_ATTACHED: {
    title: 'Connectors attached',
    status: 409,
    hint: 'Remove the connectors first, or give --delete-all to remove them too.',
  },
  ERR_CLI_LEFTOVERS: {
    title: 'Something is left',
    status: 500,
    hint: 'Run `runlayer deploy destroy` again, or remove what is named by hand.',
  },
  ERR_CLI_NO_TASK_ROLE: {
    title: 'No task role',
    status: 409,
    hint: 'Task roles are made by the first deploy to a platform that runs on AWS. Other platforms have none.',
  },
  ERR_CLI_ROLE_REFUSED: {
    title: 'Role cannot be assumed',
    status: 409,
    hint: 'Do what is said of each role, then run this again. Changes of a trust policy may take a minute to be seen everywhere.',
  },
  ERR_CLI_ROLE_UNKNOWN: { title: 'Role cannot be judged', status: 409, hint: 'Do what is said of each role, then run this again.' },
  ERR_CLI_ROLE_UNSAFE: {
    title: 'Role open to others',
    status: 409,
    hint: 'Paste the trust policy, or leave out --strict to accept the warnings.',
  },
  ERR_CLI_UNFINISHED: { title: 'Not finished in time', status: 504, hint: 'It goes on without this command.' },
  ERR_CLI_INTERRUPTED: { title: 'Interrupted', status: 499 },
} as const satisfies ErrorTable;

/** Makes an error of {@link cliErrors}. */
export const cliError: ErrorMaker<typeof cliErrors> = errorMaker(cliErrors);
