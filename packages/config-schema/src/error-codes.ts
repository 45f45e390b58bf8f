// The error codes of this package.
import { errorMaker } from '@runlayer/errors';
import type { ErrorMaker, ErrorTable } from '@runlayer/errors';

/** Codes thrown by this package; `parseConfig` throws none of them, it returns issues. */
export const configErrors = {
  ERR_CONFIG_INVALID: { title: 'Invalid configuration', status: 422, hint: 'Correct every place listed, then try again.' },
  ERR_CONFIG_NOT_EDITABLE: { title: 'Configuration cannot be edited', status: 422, hint: 'Correct the file by hand, then try again.' },
} as const satisfies ErrorTable;

/** Makes an error of this package. */
export const configError: ErrorMaker<typeof configErrors> = errorMaker(configErrors);
