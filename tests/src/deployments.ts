// Deployments made over the API, as any client of the platform would make them.
import Docker from 'dockerode';
import { waitFor, type Platform } from '@runlayer/local-platform';

export const docker = new Docker();

export interface ReleaseStatus {
  readonly status: string;
  readonly error?: string;
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  readonly env: Record<string, string>;
}

const finished = ['succeeded', 'completed', 'failed', 'cancelled'];

export async function createDeployment(platform: Platform, name: string): Promise<string> {
  return (await platform.api<{ id: string }>('POST', '/deployments/', { name })).id;
}

/** Stores a configuration and an image, and starts a release. Gives the id of the release. */
export async function release(platform: Platform, id: string, yaml: string, image: string): Promise<string> {
  await platform.api('PUT', `/deployments/${id}`, { yaml_content: yaml, docker_image: image });
  return (await platform.api<{ history_id: string }>('POST', `/deployments/${id}/trigger`)).history_id;
}

/** Waits until the newest release has ended. */
export function ended(platform: Platform, id: string): Promise<ReleaseStatus> {
  return waitFor(`the end of the release of ${id}`, async () => {
    const status = await platform.api<ReleaseStatus>('GET', `/deployments/${id}/status`);
    return finished.includes(status.status) ? status : undefined;
  });
}

/** What the echo server saw of a call through the proxy. */
export async function callEcho(platform: Platform, id: string, path = '/', headers: Record<string, string> = {}): Promise<Seen> {
  const response = await fetch(`${platform.url}/api/v1/proxy/hosted/${id}${path}`, {
    headers: { 'x-runlayer-api-key': platform.adminKey, ...headers },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The proxy answered ${response.status}: ${text}`);
  return JSON.parse(text) as Seen;
}

/** Containers that carry the deployment's label, stopped ones too. */
export function containersOf(id: string): Promise<Docker.ContainerInfo[]> {
  return docker.listContainers({ all: true, filters: { label: [`com.runlayer.deployment=${id}`] } });
}

/** Destroys over the API and waits until the record says so. */
export async function destroy(platform: Platform, id: string): Promise<void> {
  await platform.api('DELETE', `/deployments/${id}?delete_connectors=true`);
  await waitFor(`the end of ${id}`, async () => {
    const { deletion_status } = await platform.api<{ deletion_status: string | null }>('GET', `/deployments/${id}`);
    return deletion_status === 'deleted' ? true : undefined;
  });
}
