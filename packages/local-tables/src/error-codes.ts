// The errors this package throws. What a caller of the gateway did wrong is an answer in DynamoDB's words, and none of these.
import { errorMaker, type ErrorMaker } from '@runlayer/errors';

/** Codes of @runlayer/local-tables. */
export const localTablesErrors = {
  ERR_TABLES_FOLDER: {
    title: 'Folder of the tables unusable',
    status: 500,
    hint: 'Give a folder that this user may write to, and that no other running platform uses.',
  },
  ERR_TABLES_STORE: {
    title: 'Store of the tables does not answer',
    status: 503,
    hint: 'Look at the log of the platform; with an endpoint of your own, check that it runs and answers.',
  },
  ERR_TABLES_OPTION: {
    title: 'Setting of the tables not valid',
    status: 400,
    hint: 'Give the address of a DynamoDB-compatible store, such as http://127.0.0.1:8000.',
  },
} as const;

/** Makes an error of the table. */
export const tablesError: ErrorMaker<typeof localTablesErrors> = errorMaker(localTablesErrors);
