// The bridge docker0, which an engine makes at its start and leaves behind at its end.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemPath } from './facts.ts';

/** Whether the bridge of some engine, running or not, is there. */
export function bridgeExists(): boolean {
  try {
    return /^\s*docker0:/m.test(readFileSync('/proc/net/dev', 'utf8'));
  } catch {
    return false;
  }
}

/** Removes the bridge. Without the `ip` program, or with something attached to it, it stays: harmless, and gone at the next boot. */
export function removeBridge(): void {
  try {
    execFileSync('ip', ['link', 'delete', 'docker0', 'type', 'bridge'], { stdio: 'ignore', env: { ...process.env, PATH: systemPath() } });
  } catch {
    // See above.
  }
}
