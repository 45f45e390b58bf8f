// The public surface of @runlayer/config-schema.
export type { BuildConfig, Config, InfrastructureConfig, Platform, ScalingConfig, ServiceConfig } from './config.ts';
export { configErrors } from './error-codes.ts';
export { formatConfigIssues } from './format-issues.ts';
export { parseConfig, readConfig } from './parse-config.ts';
export type { ParsedConfig } from './parse-config.ts';
export type { ParsedSource } from './parsed-source.ts';
export { buildPlatform, resolvePlatform } from './platform.ts';
export type { ResolvedPlatform } from './platform.ts';
export {
  automaticVariables,
  expandPlatformVariables,
  isAutomaticVariable,
  platformReferences,
  roleVariable,
} from './platform-variables.ts';
export type { AutomaticVariable, PlatformValues } from './platform-variables.ts';
export { maskConfig, maskedValue, maskEnv } from './mask.ts';
export { configurationRecord } from './configuration-record.ts';
export type { ConfigurationRecord } from './configuration-record.ts';
export { exportYaml } from './export-yaml.ts';
export { configJsonSchema } from './json-schema.ts';
export type { JsonSchema } from './json-schema.ts';
export { mergePulled } from './merge-pulled.ts';
export { configurationReference } from './reference.ts';
export { readId, setId } from './set-id.ts';
export { templateYaml } from './template.ts';
export type { TemplateOptions } from './template.ts';
