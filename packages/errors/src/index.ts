// The public surface of @runlayer/errors.
export { formatIssue } from './issue.ts';
export type { Issue } from './issue.ts';
export type { ErrorCode, ErrorEntry, ErrorTable } from './error-table.ts';
export { errorDocsUrl, errorMaker, hasCode, isRunlayerError, RunlayerError } from './runlayer-error.ts';
export type { ErrorDetails, ErrorMaker } from './runlayer-error.ts';
export { fromProblem, problemMediaType, toProblem } from './problem.ts';
export type { Problem } from './problem.ts';
