// How much of an untrusted file is read before it is refused: time and memory stay bounded whatever it holds.

/** Longest source, in UTF-16 code units (2 Mi). */
export const maxSourceLength: number = 2 * 1024 * 1024;

/** Deepest nesting of collections. A valid file needs four. */
export const maxDepth = 100;

/** Most lexical parts of a source. A dense file of a megabyte has about 300,000. */
export const maxLexemes = 1_000_000;

/** Most nodes that following every alias may add to a document. */
export const maxAliasedNodes = 100_000;

/** Most issues (and, apart, warnings) reported of one file; a last one says how many are left out. */
export const maxIssues = 200;

/** Most faults of YAML syntax looked at before reading stops. */
export const maxSyntaxErrors = 1_000;

/** Longest `env` value, in Unicode characters. */
export const maxEnvValueLength = 2_000;
