// Every code that the client makes itself; those of the server pass through unchanged.
import { errorMaker, type ErrorMaker, type ErrorTable } from '@runlayer/errors';

/** Codes of @runlayer/api. */
export const apiErrors = {
  ERR_SERVER_UNREACHABLE: {
    title: 'Server unreachable',
    status: 503,
    hint: 'Check the host, and that the server runs and can be reached from here.',
  },
  ERR_SERVER_REDIRECTED: { title: 'Server redirects', status: 502, hint: 'Give the address that the server redirects to as the host.' },
  ERR_SERVER_ANSWER_UNREADABLE: {
    title: 'Answer unreadable',
    status: 502,
    hint: 'Check that the host is a Runlayer server, without another program in front.',
  },
  ERR_HOST_INVALID: { title: 'Host invalid', status: 400, hint: 'Give the address with its scheme, such as https://runlayer.example.com.' },
  ERR_API_KEY_MALFORMED: { title: 'API key malformed', status: 400, hint: 'Copy the key again: it is one line without spaces.' },
} as const satisfies ErrorTable;

/** Makes an error of this package. */
export const apiError: ErrorMaker<typeof apiErrors> = errorMaker(apiErrors);
