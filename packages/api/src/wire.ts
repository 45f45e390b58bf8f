// The JSON values of the wire as types, for those who make them: the server.
import type { z } from '@hono/zod-openapi';
import type * as connector from './shapes/connector.ts';
import type * as deployment from './shapes/deployment.ts';
import type * as failure from './shapes/failure.ts';
import type * as health from './shapes/health.ts';
import type * as people from './shapes/people.ts';
import type * as release from './shapes/release.ts';

export type WireDeployment = z.output<typeof deployment.DeploymentShape>;
export type WireYamlValidity = z.output<typeof deployment.YamlValidityShape>;
export type WireRegistryCredentials = z.output<typeof deployment.RegistryCredentialsShape>;
export type WireRelease = z.output<typeof release.ReleaseShape>;
export type WireTriggered = z.output<typeof release.TriggeredShape>;
export type WireDeploymentStatus = z.output<typeof release.DeploymentStatusShape>;
export type WireFailure = z.output<typeof failure.FailureShape>;
export type WireContainerLogLine = z.output<typeof release.ContainerLogLineShape>;
export type WireServer = z.output<typeof connector.ServerShape>;
export type WireMe = z.output<typeof people.MeShape>;
export type WireUser = z.output<typeof people.UserShape>;
export type WireAgent = z.output<typeof people.AgentShape>;
export type WireApiKey = z.output<typeof people.ApiKeyShape>;
export type WireCreatedApiKey = z.output<typeof people.CreatedApiKeyShape>;
export type WireAuditEvent = z.output<typeof people.AuditEventShape>;
export type WireReadiness = z.output<typeof health.ReadinessShape>;
