// From nothing to a deployed MCP server that tells who called it: the story of the product, run for real.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBaseImage } from '@runlayer/local-docker';
import { startPlatform, type Platform } from '@runlayer/local-platform';
import Docker from 'dockerode';
import { callAsAgent, callAsUser, refuseForgeries } from './calls.ts';
import { deployNotes } from './deploy.ts';
import { destroyNotes } from './destroy.ts';
import { registerConnector } from './register.ts';
import { show, step } from './report.ts';

const began = performance.now();
const docker = new Docker();
const project = await mkdtemp(join(tmpdir(), 'runlayer-demo-'));
let platform: Platform | undefined;
try {
  step('A platform of your own: the server, an embedded database, the local Docker engine.');
  await ensureBaseImage(docker, 'node:24-slim');
  platform = await startPlatform();
  show(`The platform answers at ${platform.url}`);

  step('`runlayer deploy` builds examples/notes-mcp with Docker and deploys it.');
  const deployment = await deployNotes(platform, project);

  step('An admin registers it as a connector and turns on the signed identity token.');
  const connector = await registerConnector(platform, deployment.id);

  step('A person calls its tools through the proxy; the server is told who, and checks the signature.');
  const user = await callAsUser(platform, connector);

  step('An agent account calls the same server, and sees its own notes only.');
  await callAsAgent(platform, connector);

  step('What a caller makes up is refused.');
  await refuseForgeries(docker, platform, connector, deployment, user);

  step('`runlayer deploy destroy` takes down everything it made.');
  await destroyNotes(docker, platform, project, deployment);

  console.log(`\nAll of it was real, and nothing is left. ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  console.log('Keep a platform running with `npm start`; README.md goes on from there.');
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  if (platform !== undefined) console.error(`\nThe server wrote last:\n${platform.output().split('\n').slice(-20).join('\n')}`);
  process.exitCode = 1;
} finally {
  await platform?.stop();
  await rm(project, { recursive: true, force: true });
}
