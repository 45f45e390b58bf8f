// The one table of the errors that the server itself makes.
import { errorMaker, type ErrorMaker, type ErrorTable } from '@runlayer/errors';

/** Codes of @runlayer/server. */
export const serverErrors = {
  ERR_UNAUTHENTICATED: {
    title: 'Authentication required',
    status: 401,
    hint: 'Send an API key as x-runlayer-api-key or as Authorization: Bearer.',
  },
  ERR_ROLE: { title: 'Role not sufficient', status: 403, hint: 'Ask an admin to do it, or use a key with the needed role.' },
  ERR_ROUTE_UNKNOWN: { title: 'Nothing at this address', status: 404, hint: 'See /openapi.json for what there is.' },
  ERR_DEVICE_LOGIN: { title: 'No login by device code', status: 404, hint: 'Give an API key with --secret.' },
  ERR_METHOD_NOT_ALLOWED: { title: 'Method not allowed', status: 405, hint: 'The Allow header names the methods of this address.' },
  ERR_BODY_TOO_LARGE: { title: 'Body too large', status: 413, hint: 'Send less at once; a runlayer.yaml may have 2 MiB.' },
  ERR_BODY_NOT_JSON: { title: 'Body is not JSON', status: 415, hint: 'Send Content-Type: application/json.' },
  ERR_BODY_MALFORMED: { title: 'Body cannot be read', status: 400, hint: 'Send one JSON value in UTF-8.' },
  ERR_REQUEST_MALFORMED: {
    title: 'Malformed request',
    status: 400,
    hint: 'Send one plain HTTP/1.1 request: one Host, one Content-Length or chunked, lines that end in CR LF.',
  },
  ERR_REQUEST_TOO_SLOW: { title: 'Request too slow', status: 408, hint: 'Send the request without long pauses.' },
  ERR_EXPECTATION: { title: 'Expectation cannot be met', status: 417, hint: 'Leave out the Expect header, or send 100-continue.' },
  ERR_HEADERS_TOO_LARGE: {
    title: 'Headers too large',
    status: 431,
    hint: 'Send fewer or shorter headers; RUNLAYER_MAX_HEADER_BYTES is the bound.',
  },
  ERR_REQUEST_INVALID: { title: 'Request invalid', status: 422, hint: 'See /openapi.json for the form.' },
  ERR_LOCAL_SUBJECT: { title: 'Nobody to call for', status: 403, hint: 'Use the key of a person or of an agent account.' },
  ERR_LOCAL_DEPLOYED: {
    title: 'Reached through the proxy only',
    status: 409,
    hint: 'Give its mcp_url to the MCP client, with an API key as x-runlayer-api-key.',
  },
  ERR_LOCAL_TARGET_UNKNOWN: {
    title: 'No such connector',
    status: 404,
    hint: 'Give the name of a connector in its own spelling, or its id.',
  },
  ERR_LOCAL_TARGET_AMBIGUOUS: { title: 'Name not unique', status: 409, hint: 'Give the id instead of the name.' },
  ERR_STARTING: { title: 'Starting', status: 503, hint: 'Try again in a moment.' },
  ERR_SETTINGS: { title: 'Settings invalid', status: 500, hint: 'Correct each of them; `runlayer-server --help` lists all settings.' },
  ERR_LISTEN: { title: 'Cannot listen', status: 500, hint: 'Choose another PORT or RUNLAYER_LISTEN.' },
  ERR_WORKER: { title: 'Worker failed', status: 500, hint: 'What it wrote before says why; RUNLAYER_WORKERS=1 does without workers.' },
  ERR_WORKER_KEY: {
    title: 'Signing key not current',
    status: 503,
    hint: 'Try again; if it stays so, restart the server: its processes do not answer one another.',
  },
  ERR_KEYS_USAGE: { title: 'Wrong usage', status: 400, hint: '`runlayer-server keys --help` shows how.' },
  ERR_KEYS_UNCONFIRMED: { title: 'Not confirmed', status: 400, hint: 'Nothing was done. Add --yes where there is no terminal.' },
  ERR_KEYS_NO_PLATFORM: { title: 'No platform there', status: 404, hint: 'Give the command the settings that the server has.' },
  ERR_KEYS_NO_CREDENTIAL: {
    title: 'No API key',
    status: 401,
    hint: 'Set RUNLAYER_ADMIN_API_KEY as the server has it, or RUNLAYER_API_KEY to the key of an admin; or stop the server first.',
  },
  ERR_KEYS_NO_ANSWER: {
    title: 'Server does not answer',
    status: 503,
    hint: 'Set PORT and RUNLAYER_LISTEN as the server has them, or stop the process that uses the folder.',
  },
  ERR_KEYS_WAIT: {
    title: 'Rotation not seen',
    status: 504,
    hint: 'It stays asked for. See `runlayer-server keys list`, and the log of the servers.',
  },
  ERR_AWS_USAGE: { title: 'Wrong usage', status: 400, hint: '`runlayer-server aws --help` shows how.' },
  ERR_AWS_UNCONFIRMED: { title: 'Not confirmed', status: 400, hint: 'Nothing was made. Add --yes where there is no terminal.' },
  ERR_AWS_POLICY_FILE: { title: 'Policy not written', status: 500, hint: 'Give --policy-file a path that this user may write.' },
  ERR_DATA_DIR: {
    title: 'Data folder not usable',
    status: 500,
    hint: 'Set RUNLAYER_DATA_DIR to a folder that this user may create and write.',
  },
  ERR_IMAGE_PLATFORM: { title: 'Unknown processor', status: 422, hint: 'Build the image for x86 (linux/amd64) or arm (linux/arm64).' },
} as const satisfies ErrorTable;

/** Makes an error of this table. */
export const fail: ErrorMaker<typeof serverErrors> = errorMaker(serverErrors);
