// Takes the deployment down with the real command, and looks for leftovers without it.
import { runlayer, type Platform } from '@runlayer/local-platform';
import type Docker from 'dockerode';
import { credentials, type Deployed } from './deploy.ts';
import { expect, show } from './report.ts';

export async function destroyNotes(docker: Docker, platform: Platform, project: string, deployment: Deployed): Promise<void> {
  const env = credentials(platform, project);
  const refused = await runlayer(['deploy', 'destroy', '--yes'], { cwd: project, env });
  expect(
    refused.code !== 0 && (refused.stdout + refused.stderr).includes('notes'),
    'while a connector is attached, destroy is refused and names it',
  );

  const destroyed = await runlayer(['deploy', 'destroy', '--yes', '--delete-all'], { cwd: project, env });
  show(`$ runlayer deploy destroy --yes --delete-all\n${destroyed.stdout.trim()}\n${destroyed.stderr.trim()}`.trim());
  expect(destroyed.code === 0, 'the command ended with 0');

  const containers = await docker.listContainers({ all: true, filters: { label: [`com.runlayer.deployment=${deployment.id}`] } });
  const images = await docker.listImages({ filters: { reference: [`runlayer-local:${deployment.id}`] } });
  expect(containers.length === 0 && images.length === 0, 'Docker has no container and no image of it');
  const gone = await fetch(`${deployment.url}/mcp`, { method: 'POST', headers: { 'x-runlayer-api-key': platform.adminKey } });
  expect(gone.status === 404, 'its address answers 404');
}
