// What is known of this machine before anything is changed on it.
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { probeEngines } from './find-engine.ts';
import type { Probe } from './find-engine.ts';

/** Everything that the choice of an engine rests on. */
export interface Facts {
  /** What looking for a running engine found. */
  readonly probe: Probe;
  /** `DOCKER_HOST`, when set: a wish that is not silently overridden. */
  readonly dockerHost: string | undefined;
  /** Path of an installed `dockerd`. */
  readonly dockerd: string | undefined;
  readonly system: NodeJS.Platform;
  readonly root: boolean;
  /** Debian, Ubuntu or a system that says it is like them, with apt. */
  readonly debian: boolean;
  /** The environment says `CI`. */
  readonly ci: boolean;
  /** Somebody sits at a terminal and can be asked. */
  readonly terminal: boolean;
  /** The command may run without Docker. */
  readonly optional: boolean;
}

const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

/** The PATH with the folders of system programs, which `su` without a login shell leaves out. */
export function systemPath(path: string = process.env['PATH'] ?? ''): string {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return [...new Set([...folders, ...systemFolders])].join(delimiter);
}

/** Path of an installed program. */
export function findProgram(name: string): string | undefined {
  return systemPath()
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Looks at the machine. Changes nothing. */
export async function gatherFacts(optional: boolean, environment: NodeJS.ProcessEnv = process.env): Promise<Facts> {
  return {
    probe: await probeEngines(environment),
    dockerHost: environment['DOCKER_HOST'] || undefined,
    dockerd: findProgram('dockerd'),
    system: process.platform,
    root: process.getuid?.() === 0,
    debian: isLikeDebian(readText('/etc/os-release')) && findProgram('apt-get') !== undefined,
    ci: isSet(environment['CI']),
    terminal: process.stdin.isTTY && process.stderr.isTTY,
    optional,
  };
}

/** Whether the text of `/etc/os-release` is that of Debian, Ubuntu or a relative. @see os-release(5) */
export function isLikeDebian(osRelease: string): boolean {
  const words = osRelease.matchAll(/^(?:ID|ID_LIKE)=["']?([^"'\n]*)/gm);
  return [...words].some(([, value]) => (value ?? '').split(' ').some((word) => word === 'debian' || word === 'ubuntu'));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
