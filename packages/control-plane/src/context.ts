// The parts and settings that every verb works with, defaults filled in.
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { jwksPath } from '@runlayer/identity-forward';
import type { Platform, Provisioner } from '@runlayer/provisioner';
import type { Database } from './database/database.ts';
import type { ControlPlaneOptions, Images, Logger } from './options.ts';
import type { Observations } from './routes/observations.ts';
import { createObservations } from './routes/observations.ts';
import type { Sealer } from './sealing/sealer.ts';
import type { Signals } from './signals.ts';
import { createSignals } from './signals.ts';

/** What every verb works with. */
export interface Context {
  readonly database: Database;
  readonly provisioner: Provisioner;
  readonly images: Images;
  readonly sealer: Sealer;
  /** Without a trailing slash. */
  readonly platformUrl: string;
  readonly defaultPlatform: Platform;
  readonly jwksUrl: string;
  readonly repository: () => Promise<string | undefined>;
  readonly allowPrivateUpstreams: boolean;
  readonly lookup: (host: string) => Promise<readonly string[]>;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly logger: Logger;
  readonly signals: Signals;
  readonly observations: Observations;
}

/** The context of a control plane. */
export function contextOf(options: ControlPlaneOptions): Context {
  const platformUrl = options.platformUrl.replace(/\/+$/, '');
  const logger = options.logger ?? silent;
  const signals = createSignals((error) =>
    logger.error('A listener failed.', { error: error instanceof Error ? error.name : typeof error }),
  );
  return {
    database: options.database,
    provisioner: options.provisioner,
    images: options.images,
    sealer: options.sealer,
    platformUrl,
    defaultPlatform: options.defaultPlatform ?? 'arm',
    jwksUrl: options.jwksUrlForWorkloads ?? `${platformUrl}${jwksPath}`,
    repository: repositoryOf(options.registry),
    allowPrivateUpstreams: options.allowPrivateUpstreams ?? false,
    lookup: options.lookup ?? systemLookup,
    now: options.clock ?? (() => new Date()),
    newId: randomUUID,
    logger,
    signals,
    observations: createObservations(signals),
  };
}

function repositoryOf(registry: ControlPlaneOptions['registry']): Context['repository'] {
  const repository = registry?.repository;
  return typeof repository === 'function' ? repository : async () => repository;
}

async function systemLookup(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** A logger that tells nobody. */
export const silent: Logger = { info() {}, warn() {}, error() {} };
