// Deploys the notes server with the real command, from a copy of its folder.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { buildExample, inRepository, runlayer, type Platform } from '@runlayer/local-platform';
import { expect, show } from './report.ts';

export interface Deployed {
  readonly id: string;
  readonly url: string;
}

interface DeploymentList {
  readonly data: readonly { readonly id: string; readonly name: string }[];
}

/** Environment with which the command finds the platform. */
export function credentials(platform: Platform, home: string): Record<string, string> {
  return { HOME: home, RUNLAYER_HOST: platform.url, RUNLAYER_API_KEY: platform.adminKey, DOCKER_CONFIG: join(home, '.docker') };
}

export async function deployNotes(platform: Platform, project: string): Promise<Deployed> {
  const example = inRepository('examples/notes-mcp');
  await buildExample('notes-mcp');
  for (const file of ['Dockerfile', 'dist', 'runlayer.yaml']) await cp(join(example, file), join(project, file), { recursive: true });

  const deployed = await runlayer(['deploy'], { cwd: project, env: credentials(platform, project) });
  show(`$ runlayer deploy\n${deployed.stdout.trim()}\n${deployed.stderr.trim()}`.trim());
  expect(deployed.code === 0, 'the command ended with 0: the server serves');
  const { data } = await platform.api<DeploymentList>('GET', '/deployments');
  const [deployment] = data;
  if (deployment === undefined) throw new Error('The platform lists no deployment.');
  return { id: deployment.id, url: `${platform.url}/api/v1/proxy/hosted/${deployment.id}` };
}
