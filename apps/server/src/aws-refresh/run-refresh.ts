// Runs `runlayer-server aws refresh`: what AWS has and the database lacks becomes known again.
import type { FoundDeployment } from '@runlayer/aws-provisioner';
import { hasCode } from '@runlayer/errors';
import { onInterrupt } from '../command/interrupt.ts';
import { awsExitCode, exitCodes, jsonText, tellFailure } from '../command/outcome.ts';
import type { Terminal } from '../command/terminal.ts';
import { readSettings, type Settings } from '../settings/read-settings.ts';
import { parseRefresh, type RefreshCommand, refreshHelp } from './parse-refresh.ts';
import type { RefreshDatabase } from './refresh-database.ts';
import { countText, lineOf, refreshed, type RefreshedDeployment, type RefreshResult } from './tell-refresh.ts';

/** Runs it with the arguments after `refresh`; resolves to the exit code. */
export async function runRefresh(args: readonly string[], terminal: Terminal): Promise<number> {
  const interrupt = onInterrupt();
  try {
    const command = parseRefresh(args);
    if (command.do === 'help') {
      terminal.print(refreshHelp);
      return exitCodes.done;
    }
    return await refresh(readSettings(process.env, command.configFile), command, interrupt.signal, terminal);
  } catch (error) {
    if (!interrupt.signal.aborted) return tellFailure(error, args.includes('--json'), terminal, awsExitCode);
    terminal.note('Stopped. What was restored is kept; run it again to go on.\n');
    return exitCodes.interrupted;
  } finally {
    interrupt.end();
  }
}

type Wanted = Extract<RefreshCommand, { do: 'refresh' }>;

async function refresh(settings: Settings, { plan, json }: Wanted, signal: AbortSignal, terminal: Terminal): Promise<number> {
  // Loaded only now: help and wrong usage are told without waiting for the SDK and the database's code.
  const { createAwsRegistry, findDeployments } = await import('@runlayer/aws-provisioner');
  const { awsOptions } = await import('../start/aws-options.ts');
  const { openRefreshDatabase } = await import('./refresh-database.ts');
  const options = awsOptions(settings);
  const repository = await createAwsRegistry(options).repository().catch(unlessMissing);
  const database = await openRefreshDatabase(settings, { readOnly: plan, repository });
  const all: RefreshedDeployment[] = [];
  try {
    for await (const found of findDeployments(options, { signal })) {
      const entry = refreshed(found, await resultFor(database, found, plan));
      all.push(entry);
      if (!json) terminal.print(lineOf(entry));
    }
  } finally {
    await database.close();
  }
  terminal.print(json ? jsonText({ plan, data: all }) : countText(all, plan));
  return exitCodes.done;
}

/** Without the shared repository no image is from it. */
function unlessMissing(error: unknown): undefined {
  if (!hasCode(error, 'ERR_AWS_PLATFORM')) throw error;
}

async function resultFor(database: RefreshDatabase, found: FoundDeployment, isPlan: boolean): Promise<RefreshResult> {
  if (found.isForeign) return 'foreign';
  if (!isPlan) return database.restore(found);
  return (await database.isKnown(found.deploymentId)) ? 'known' : 'planned';
}
