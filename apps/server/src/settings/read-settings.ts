// Reads all settings at once and reports every fault together.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatIssue, type Issue } from '@runlayer/errors';
import type { ProxyLimits } from '@runlayer/proxy';
import { fail } from '../error-codes.ts';
import { incompleteTarget } from './incomplete-target.ts';
import { readSettingsFile } from './settings-file.ts';
import type { Setting } from './setting.ts';
import { type GivenSettings, settingsTable } from './table.ts';

/** Settings with their defaults filled in. The address is known once the port is. */
export interface Settings extends GivenSettings {
  readonly port: number;
  readonly listen: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly target: NonNullable<GivenSettings['target']>;
  readonly logLevel: NonNullable<GivenSettings['logLevel']>;
  readonly accessLog: boolean;
  readonly drainMs: number;
  readonly workers: number;
  /** What was given of the proxy's limits; it has defaults of its own. */
  readonly proxyLimits: ProxyLimits;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How settings are read. */
export interface ReadOptions {
  /** Whether the target must have all it needs. `false` for what makes it: `aws bootstrap` prints settings that it cannot demand. Default `true`. */
  readonly targetComplete?: boolean | undefined;
}

/**
 * Reads the environment and, where one is named, the settings file; the environment wins. An empty variable counts as not given.
 * @throws ERR_SETTINGS listing every fault. No message holds the value of a secret.
 */
export function readSettings(
  environment: Environment,
  configFile: string | undefined = environment['RUNLAYER_CONFIG'],
  { targetComplete = true }: ReadOptions = {},
): Settings {
  const file =
    configFile === undefined || configFile === '' ? { values: new Map<string, string>(), issues: [] } : readSettingsFile(configFile);
  const issues: Issue[] = [...file.issues];
  const read = Object.fromEntries(
    Object.entries(settingsTable).map(([name, entry]) => [name, readOne(entry, environment, file.values, issues)]),
  ) as GivenSettings;
  const given = { ...read, awsRegion: read.awsRegion ?? regionOfSdk(environment) };
  if ((given.registryUrl === undefined) !== (given.registryRepository === undefined)) {
    issues.push({ path: 'RUNLAYER_REGISTRY_URL', message: 'needs RUNLAYER_REGISTRY_REPOSITORY, and the reverse.' });
  }
  if (targetComplete) issues.push(...incompleteTarget(given, new Set(issues.map(({ path }) => path))));
  if (issues.length > 0)
    throw fail('ERR_SETTINGS', `The settings are not valid:\n${issues.map((issue) => `  ${formatIssue(issue)}`).join('\n')}`, { issues });
  return {
    ...given,
    port: given.port ?? 8080,
    listen: given.listen ?? '127.0.0.1',
    dataDir: resolve(given.dataDir ?? defaultDataDir(environment)),
    target: given.target ?? 'docker',
    logLevel: given.logLevel ?? 'info',
    accessLog: given.accessLog ?? true,
    drainMs: given.drainMs ?? 10_000,
    workers: given.workers ?? 1,
    proxyLimits: proxyLimits(given),
  };
}

function regionOfSdk({ AWS_REGION }: Environment): string | undefined {
  return AWS_REGION === '' ? undefined : AWS_REGION;
}

function proxyLimits(given: GivenSettings): ProxyLimits {
  return {
    connectTimeoutMs: given.connectTimeoutMs,
    firstByteTimeoutMs: given.firstByteTimeoutMs,
    idleTimeoutMs: given.idleTimeoutMs,
    keepAliveTimeoutMs: given.keepAliveTimeoutMs,
    streamCommentMs: given.streamCommentMs,
    requestBodyBytes: given.requestBodyBytes,
    concurrentCalls: given.concurrentCalls,
    totalCalls: given.totalCalls,
  };
}

function readOne(entry: Setting<unknown>, environment: Environment, file: ReadonlyMap<string, string>, issues: Issue[]): unknown {
  const value = environment[entry.env] || file.get(entry.key);
  if (value === undefined || value === '') return undefined;
  try {
    return entry.read(value);
  } catch (error) {
    const found = entry.secret === true ? '' : ` (found ${JSON.stringify(value.slice(0, 100))})`;
    issues.push({ path: entry.env, message: `${(error as Error).message}${found}.` });
    return undefined;
  }
}

function defaultDataDir(environment: Environment): string {
  const base = environment['XDG_DATA_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.local', 'share') : base, 'runlayer');
}
