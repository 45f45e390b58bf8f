// What a person reads on standard output when the server starts, and on standard error when it does not.
import { isRunlayerError } from '@runlayer/errors';

/** Facts of a start. */
export interface Started {
  readonly url: string;
  readonly dataDir: string;
  readonly database: 'embedded' | 'postgres';
  readonly target: 'docker' | 'aws';
  readonly generatedAdminApiKey: string | undefined;
  readonly targetFault: string | undefined;
}

/** The lines of a start. Holds the admin's key, so print it to the person only, never to a log. */
export function startText({ url, dataDir, database, target, generatedAdminApiKey, targetFault }: Started): string {
  const place = target === 'aws' ? 'AWS ECS Fargate' : 'Docker';
  const lines = [
    `Runlayer Deploy is ready at ${url}`,
    `  Data folder:   ${dataDir}`,
    `  Database:      ${database === 'embedded' ? 'embedded, in the data folder' : 'Postgres, from DATABASE_URL'}`,
    `  Runs on:       ${targetFault === undefined ? place : `${place}, which cannot be used now (${targetFault}); deployments fail until it can`}`,
  ];
  if (generatedAdminApiKey !== undefined)
    lines.push(
      `  Admin API key: ${generatedAdminApiKey}`,
      '                 Shown this once: keep it. `runlayer login --secret <key>` saves it.',
    );
  return `${lines.join('\n')}\n`;
}

/** One clear message for an error that ended the start. An error that is not ours keeps its stack: it is our fault, and needs to be found. */
export function faultText(error: unknown): string {
  if (!isRunlayerError(error))
    return `Runlayer Deploy could not start.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  const hint = error.hint === undefined ? '' : `\n${error.hint}`;
  return `Runlayer Deploy could not start: ${error.message}${hint}\n(${error.code}, ${error.docs})\n`;
}
