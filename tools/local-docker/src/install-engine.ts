// Installs Docker with apt, having asked or at least said so.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { existsSync } from 'node:fs';
import { systemPath } from './facts.ts';
import { ping } from './find-engine.ts';
import type { Say } from './say.ts';

const systemSocket = '/var/run/docker.sock';
// docker.io only recommends these two, yet a pull needs the certificates and a kernel with AppArmor needs its loader.
const packages = ['docker.io', 'ca-certificates', 'apparmor'];

/** Whether Docker is installed now. Throws when apt fails. */
export async function installEngine(ask: boolean, say: Say, signal: AbortSignal): Promise<boolean> {
  if (ask && !(await agreed(signal))) return false;
  say(
    `INSTALLING DOCKER: no Docker is here, so \`apt-get install ${packages.join(' ')}\` runs as root. To undo it: \`apt-get purge docker.io\`.`,
  );
  await apt(['update', '-q'], signal).catch(() => say('`apt-get update` failed; trying with the package lists that are here.'));
  await apt(['install', '-q', '-y', '--no-install-recommends', ...packages], signal);
  await packageStarts();
  return true;
}

async function agreed(signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('No Docker engine is here. Install the package docker.io with apt? [Y/n] ', { signal });
    return /^\s*(y(es)?)?\s*$/i.test(answer);
  } finally {
    terminal.close();
  }
}

function apt(args: readonly string[], signal: AbortSignal): Promise<void> {
  const env = { ...process.env, PATH: systemPath(), DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };
  // apt's words go to stderr: stdout belongs to the command that runs later.
  const child = spawn('apt-get', args, { env, stdio: ['ignore', process.stderr, process.stderr], signal, timeout: 600_000 });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`\`apt-get ${args.join(' ')}\` ended with ${code}`))));
  });
}

/** Where an init system runs, the package starts the engine by itself: gives it a moment, so that not two are started. */
async function packageStarts(): Promise<void> {
  const until = Date.now() + 10_000;
  while (existsSync(systemSocket) && Date.now() < until) {
    if ((await ping(`unix://${systemSocket}`, 1_000)) === 'up') return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
