// Rebuilds a configuration from the workload that was made from it. What no workload holds takes the default of the file.
import { type Config, expandPlatformVariables, type PlatformValues } from '@runlayer/config-schema';
import type { WorkloadSpec } from '@runlayer/provisioner';

/**
 * The configuration, with the values of `env`. Not in a workload, and so lost: where the Dockerfile is, its arguments and stage, and
 * `service.expose`. What was open to everybody is closed until the file is uploaded again.
 *
 * @param repository Repository that clients push to: an image from it was built, any other was named in the file.
 */
export function restoredConfig(spec: WorkloadSpec, repository: string | undefined): Config {
  const isBuilt = repository !== undefined && spec.image.startsWith(`${repository}@`);
  const build = { dockerfile: 'Dockerfile', context: '.', platformStated: false, args: {} };
  return {
    id: spec.deploymentId,
    name: spec.name,
    runtime: 'docker',
    ...(isBuilt ? { mode: 'build', build } : { mode: 'image', image: spec.image }),
    service: { port: spec.port, ...(spec.path === undefined ? {} : { path: spec.path }), expose: [] },
    infrastructure: {
      cpu: spec.cpu,
      memory: spec.memoryMiB,
      ...(spec.platform === undefined ? {} : { platform: spec.platform }),
      platformStated: spec.platform !== undefined,
      enableDb: spec.database,
      assumeRoles: spec.assumeRoles,
      ...(spec.scaling === undefined ? {} : { scaling: spec.scaling }),
    },
    env: Object.fromEntries(Object.entries(spec.secrets).map(([name, value]) => [name, withReferences(value, spec.env)])),
  };
}

/** Puts `$$DEPLOYMENT_URL` back where its value stands: that holds the id, so nothing else can be meant. */
function withReferences(value: string, { DEPLOYMENT_URL: url }: Readonly<Record<string, string>>): string {
  if (url === undefined || url === '' || !value.includes(url)) return value;
  const written = value.replaceAll(url, () => '$$DEPLOYMENT_URL');
  const values: PlatformValues = { DEPLOYMENT_URL: url, RUNLAYER_URL: '', RUNLAYER_OAUTH_CALLBACK_URL: '' };
  return expandPlatformVariables(written, values) === value ? written : value;
}
