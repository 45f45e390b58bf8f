// The errors this package throws. Why a workload does not start is no error but a `Failure` in an event.
import { errorMaker, type ErrorMaker } from '@runlayer/errors';

/** Codes of @runlayer/docker-provisioner. */
export const dockerProvisionerErrors = {
  ERR_DOCKER_UNREACHABLE: {
    title: 'Docker engine unreachable',
    status: 503,
    hint: 'Start Docker (`sudo systemctl start docker`, or open Docker Desktop), or set DOCKER_HOST to the engine to use.',
  },
  ERR_DOCKER_ENGINE: {
    title: 'Docker engine error',
    status: 502,
    hint: 'Read the log of the Docker engine, then try again.',
  },
} as const;

/** Makes an error of the table. */
export const dockerError: ErrorMaker<typeof dockerProvisionerErrors> = errorMaker(dockerProvisionerErrors);
