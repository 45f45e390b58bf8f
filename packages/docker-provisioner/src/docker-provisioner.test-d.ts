// What the factory takes and gives, and what it refuses.
import type { Provisioner } from '@runlayer/provisioner';
import { createDockerProvisioner, dockerProvisionerErrors } from './index.ts';

export const made: Provisioner = createDockerProvisioner();
export const title: 'Docker engine unreachable' = dockerProvisionerErrors.ERR_DOCKER_UNREACHABLE.title;

// @ts-expect-error only these ways to a container exist
createDockerProvisioner({ reach: 'public' });
// @ts-expect-error times are milliseconds, as numbers
createDockerProvisioner({ healthTimeoutMs: '2m' });
// @ts-expect-error a misspelt option is no option
createDockerProvisioner({ instalation: 'x' });
