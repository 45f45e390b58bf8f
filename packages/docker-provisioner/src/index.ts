// The public surface of @runlayer/docker-provisioner.
export { createDockerProvisioner } from './docker-provisioner.ts';
export type { DockerProvisionerOptions, Reach } from './options.ts';
export type { TableAccess, Tables } from './tables.ts';
export { dockerProvisionerErrors } from './error-codes.ts';
