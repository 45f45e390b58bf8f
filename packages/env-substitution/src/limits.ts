// How much the package takes before it refuses: a file is untrusted, and so is what its variables hold.

/** Longest YAML source, and longest result of substitution, in characters (2 Mi). */
export const maxYamlCharacters: number = 2 * 1024 * 1024;

/** Longest `.env` file, and longest sum of its values after interpolation, in characters (1 Mi). */
export const maxDotenvCharacters: number = 1024 * 1024;

/** Deepest nesting of YAML collections, counted as open nodes of the parser. Far above any real file, far below the stack's end. */
export const maxYamlDepth = 100;

/** Most lexical parts of a source. A dense file of a megabyte has about 300,000. */
export const maxLexemes = 500_000;

/** Most faults of YAML syntax looked at before reading stops. */
export const maxSyntaxErrors = 1_000;

/** Most nodes a document may have once its aliases are followed: stops an "alias bomb" before a consumer expands it. */
export const maxExpandedNodes = 1_000_000;

/** Deepest nesting of `${A:-${B:-…}}`. */
export const maxDefaultDepth = 16;

/** Most issues reported of one file; a last one says how many are left out. */
export const maxIssues = 100;
