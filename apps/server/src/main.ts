// The program: settings in, a running server out, and a graceful stop on SIGTERM or SIGINT.
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { faultText, startText } from './announce.ts';
import { helpText, parseCommandLine } from './command-line.ts';
import { createLog, errorFields, type Log } from './http/logger.ts';
import { readSettings } from './settings/read-settings.ts';
import type { RunningServer } from './start/start-server.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

async function serve(configFile: string | undefined): Promise<void> {
  const settings = readSettings(process.env, configOf(configFile));
  const log = createLog(settings.logLevel);
  process.on('unhandledRejection', (reason) => log.error('unhandled rejection', errorFields(reason)));
  const stopAsked = nextSignal();
  // Loaded only now: what is wrong with the settings is told without waiting for the database's code.
  const [{ startServer }, target] = await Promise.all([
    import('./start/start-server.ts'),
    import('./start/target.ts').then(({ openTarget }) => openTarget(settings)),
  ]);
  const server = await startServer(settings, target, log, version);
  const { url, generatedAdminApiKey, targetFault } = server;
  const database = settings.databaseUrl === undefined ? 'embedded' : 'postgres';
  process.stdout.write(startText({ url, dataDir: settings.dataDir, database, target: settings.target, generatedAdminApiKey, targetFault }));
  await stopAsked;
  await stop(server, log);
}

function configOf(given: string | undefined): string | undefined {
  return given ?? process.env['RUNLAYER_CONFIG'];
}

/** Resolves at the first signal. A later one ends the process at once, unless it is the same keystroke passed on by a parent process. */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (askedAt !== undefined && performance.now() - askedAt > 1000) process.exit(130);
        askedAt ??= performance.now();
        resolve();
      });
    }
  });
}

async function stop(server: RunningServer, log: Log): Promise<void> {
  process.stdout.write('Stopping: running calls may end.\n');
  await server.stop();
  log.info('stopped');
  await log.flush();
}

/** Resolves to the exit code. */
async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2));
  if (command.do === 'help') process.stdout.write(helpText());
  else if (command.do === 'keys') return (await import('./keys/run-keys.ts')).runKeys(command.args);
  else if (command.do === 'aws') return (await import('./aws/run-aws.ts')).runAws(command.args);
  else if (command.do === 'version') process.stdout.write(`${version}\n`);
  else if (cluster.isWorker) await (await import('./workers/serve-as-worker.ts')).serveAsWorker(configOf(command.configFile));
  else await serve(command.configFile);
  return 0;
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(faultText(error));
  process.exit(1);
}
