// The public surface of @runlayer/api: the contract as data. The typed client is `@runlayer/api/client`.
export { admins, deployers, everyone, readers, roles, rolesExtension } from './access.ts';
export type { Access, Role } from './access.ts';
export { contract } from './contract.ts';
export type { Operation } from './contract.ts';
export { apiErrors } from './error-codes.ts';
export { openApiDocument } from './document.ts';
export type { OpenApiDocument } from './document.ts';
export { jwksPath } from './routes/platform.ts';
export { maxYamlBytes } from './shapes/deployment.ts';
export type {
  WireAgent,
  WireApiKey,
  WireAuditEvent,
  WireContainerLogLine,
  WireCreatedApiKey,
  WireDeployment,
  WireDeploymentStatus,
  WireFailure,
  WireIdentityBundle,
  WireLocalServer,
  WireMe,
  WireReadiness,
  WireRegistryCredentials,
  WireRelease,
  WireServer,
  WireSigningKey,
  WireSigningKeyRotation,
  WireTriggered,
  WireUser,
  WireYamlValidity,
} from './wire.ts';
