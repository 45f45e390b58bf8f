// How much of an untrusted file is read before it is refused: time and memory stay bounded whatever it holds.

/** Deepest nesting of collections. A valid file needs four. */
export const maxDepth = 100;

/** Most nodes that following every alias may add to a document. */
export const maxAliasedNodes = 100_000;

/** Most issues (and, apart, warnings) reported of one file; a last one says how many are left out. */
export const maxIssues = 200;

/** Longest `env` value, in Unicode characters. */
export const maxEnvValueLength = 2_000;
