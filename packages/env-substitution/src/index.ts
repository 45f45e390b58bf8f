// The public surface of @runlayer/env-substitution.
export { substitutionError, substitutionErrors } from './error-codes.ts';
export { maxDotenvCharacters, maxYamlCharacters } from './limits.ts';
export { variablesFrom } from './variables.ts';
export type { Environment, Variables } from './variables.ts';
export { parseDotenv } from './dotenv/parse-dotenv.ts';
export { substituteText } from './substitute-text.ts';
export type { SubstitutionFault } from './substitute-text.ts';
export { substituteDocument } from './substitute-document.ts';
export type { SubstituteDocumentOptions } from './substitute-document.ts';
export { readYaml } from './read-yaml.ts';
export type { YamlReading } from './read-yaml.ts';
export { yamlFaults } from './yaml-faults.ts';
export type { YamlFault } from './yaml-faults.ts';
export { substituteYaml } from './substitute-yaml.ts';
export type { SubstitutedYaml } from './substitute-yaml.ts';
