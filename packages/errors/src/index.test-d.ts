// Compiled by the typecheck only: a maker takes the codes of its table and no others.
import { errorMaker, type ErrorTable, type Issue, type RunlayerError } from './index.ts';

const fail = errorMaker({ ERR_TEST_BROKEN: { title: 'Broken', status: 422 } });
const issue: Issue = { path: 'a', message: 'm' };
export const error: RunlayerError = fail('ERR_TEST_BROKEN', 'It broke.', { issues: [issue] });

// @ts-expect-error: a code of another table
fail('ERR_TEST_OTHER', 'It broke.');
// @ts-expect-error: codes start with ERR_
export const table: ErrorTable = { TEST_BROKEN: { title: 'Broken', status: 422 } };
// @ts-expect-error: a code is compared, never changed
error.code = 'ERR_TEST_OTHER';
