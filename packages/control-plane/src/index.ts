// The public surface of @runlayer/control-plane.
export { createControlPlane } from './control-plane.ts';
export type { ControlPlane } from './control-plane.ts';
export type { Bootstrap } from './bootstrap.ts';
export type { BootstrapOptions, ControlPlaneOptions, Images, Logger, WorkerOptions } from './options.ts';
export { openDatabase } from './database/open-database.ts';
export type { Connection, Database } from './database/database.ts';
export type { DatabaseOptions } from './database/open-database.ts';
export { createSealer } from './sealing/create-sealer.ts';
export { loadOrCreateKeyFile } from './sealing/key-file.ts';
export type { SealedPlace, Sealer } from './sealing/sealer.ts';
export { createRedactor } from './redaction/redactor.ts';
export type { Redactor } from './redaction/redactor.ts';
export { allows, requireRight } from './permissions.ts';
export type { Action } from './permissions.ts';
export { actorOf } from './principal.ts';
export type { Actor, AgentPrincipal, OperatorPrincipal, OrganizationKeyPrincipal, Principal, Role, UserPrincipal } from './principal.ts';
export type { Page, PageRequest } from './page.ts';
export type {
  ConnectorSummary,
  DeletionStatus,
  Deployment,
  DeploymentImage,
  DeploymentState,
  DeploymentStatus,
  Validation,
} from './deployments/deployment.ts';
export type { Deployments } from './deployments/deployments.ts';
export type { Release, ReleaseLog, ReleaseStatus } from './releases/release.ts';
export type { Releases } from './releases/releases.ts';
export type { Connector, ConnectorChange, IdentityForward, NewConnector, Transport } from './connectors/connector.ts';
export type { Connectors } from './connectors/connectors.ts';
export type { Agent, User } from './people/person.ts';
export type { People } from './people/people.ts';
export type { ApiKey, ApiKeyOwner, IssuedApiKey, NewApiKey } from './keys/api-key.ts';
export type { ApiKeys } from './keys/api-keys.ts';
export type { Audit, AuditEvent, AuditTarget } from './audit/audit.ts';
export type { Route, RouteChange, Routes } from './routes/route.ts';
export type { McpSession, McpSessionChange, Sessions } from './sessions/sessions.ts';
export { isKnownDeployment, openRestore } from './restore/open-restore.ts';
export type { OpenRestoreOptions, Restore } from './restore/open-restore.ts';
export type { FoundWorkload, RestoreResult } from './restore/found-workload.ts';
export { openSigningKeys } from './signing-keys/open-signing-keys.ts';
export type { OpenedSigningKeys, OpenSigningKeysOptions } from './signing-keys/open-signing-keys.ts';
export type { Rotation, SigningKeys, SigningKeyState, SigningKeyTiming, SigningKeyView } from './signing-keys/signing-keys.ts';
export { controlPlaneErrors } from './error-codes.ts';
