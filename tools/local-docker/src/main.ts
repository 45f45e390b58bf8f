// Runs a command with a Docker engine to use: node tools/local-docker/src/main.ts [--optional] -- <command> [arguments…]
import { parseArguments, usage } from './arguments.ts';
import { whenOrphaned } from './orphaned.ts';
import { exitCodeOf, runCommand } from './run-command.ts';
import { sayOnStderr } from './say.ts';
import { NoDocker, withDocker } from './with-docker.ts';

const asked = parseArguments(process.argv.slice(2));
if (asked === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort(name));
whenOrphaned(() => interruption.abort('SIGTERM'));
const { signal } = interruption;

try {
  process.exitCode = await withDocker(
    (host) => {
      const environment = host === undefined ? process.env : { ...process.env, DOCKER_HOST: host };
      return runCommand(asked.command, asked.args, environment, signal);
    },
    { optional: asked.optional, signal },
  );
} catch (error) {
  if (signal.aborted) process.exitCode = exitCodeOf(signal.reason as NodeJS.Signals);
  else {
    sayOnStderr(error instanceof NoDocker ? error.message : `failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
