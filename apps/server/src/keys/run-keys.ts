// Runs one of `runlayer-server keys list | rotate | revoke`.
import type { WireSigningKey } from '@runlayer/api';
import { onInterrupt } from '../command/interrupt.ts';
import { exitCodes, jsonText, tellFailure } from '../command/outcome.ts';
import { processTerminal, type Terminal } from '../command/terminal.ts';
import { fail } from '../error-codes.ts';
import { readSettings } from '../settings/read-settings.ts';
import { keysHelp } from './help.ts';
import { type KeysCommand, parseKeys } from './parse-keys.ts';
import type { Ring } from './ring.ts';
import { listText, revokedText, revokeQuestion, rotationText, timeText, tooSoonText } from './tell.ts';
import { waitForRotation } from './wait.ts';

const defaultLeadSeconds = 900;

/** Runs the command that the arguments after `keys` name; resolves to the exit code. */
export async function runKeys(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    const command = parseKeys(args);
    if (command.do !== 'help') return await runOn(command, terminal);
    terminal.print(keysHelp(command.of));
    return exitCodes.done;
  } catch (error) {
    return tellFailure(error, args.includes('--json'), terminal);
  }
}

async function runOn(command: Exclude<KeysCommand, { do: 'help' }>, terminal: Terminal): Promise<number> {
  const settings = readSettings(process.env, command.configFile);
  // Loaded only now: help and wrong usage are told without waiting for the database's code.
  const { openRing } = await import('./open-ring.ts');
  const ring = await openRing(settings, process.env);
  const leadSeconds = settings.keyLeadSeconds ?? defaultLeadSeconds;
  try {
    if (command.do === 'list') return await list(ring, command.json, terminal);
    if (command.do === 'rotate') return await rotate(ring, command, leadSeconds, terminal);
    return await revoke(ring, command, leadSeconds, terminal);
  } finally {
    await ring.close();
  }
}

async function list(ring: Ring, json: boolean, terminal: Terminal): Promise<number> {
  const data = await ring.list();
  terminal.print(json ? jsonText({ data }) : listText(data, new Date()));
  return exitCodes.done;
}

async function rotate(
  ring: Ring,
  { now, wait, json }: { readonly now: boolean; readonly wait: boolean; readonly json: boolean },
  leadSeconds: number,
  terminal: Terminal,
): Promise<number> {
  let rotation = await ring.rotate({ now });
  if (now) warnIfTooSoon(await ring.list(), rotation.kid, leadSeconds, terminal);
  if (!rotation.done && wait) {
    if (!json) terminal.print(rotationText(rotation, new Date()));
    if (ring.whileWaiting !== undefined) terminal.note(`${ring.whileWaiting}\n`);
    const interrupt = onInterrupt();
    try {
      rotation = await waitForRotation(ring, rotation, leadSeconds, terminal, interrupt.signal);
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      const at = timeText(rotation.at, new Date());
      terminal.note(`Stopped waiting. The change stays asked for: a running server makes it at ${at}, or the next one that starts.\n`);
      return exitCodes.interrupted;
    } finally {
      interrupt.end();
    }
  }
  terminal.print(json ? jsonText(rotation) : rotationText(rotation, new Date()));
  if (!rotation.done && !json) terminal.print('A running server makes the change by itself, or the next one that starts.\n');
  return exitCodes.done;
}

async function revoke(
  ring: Ring,
  { kid, yes, json }: { readonly kid: string; readonly yes: boolean; readonly json: boolean },
  leadSeconds: number,
  terminal: Terminal,
): Promise<number> {
  const before = await ring.list();
  if (!yes) {
    const answer = await terminal.askYes(
      revokeQuestion(
        kid,
        before.find((key) => key.kid === kid),
      ),
    );
    if (answer === undefined) throw fail('ERR_KEYS_UNCONFIRMED', 'A revocation must be confirmed, and there is nobody to ask.');
    if (!answer) throw fail('ERR_KEYS_UNCONFIRMED', 'Not confirmed.', { hint: 'Nothing was done.' });
  }
  const revoked = await ring.revoke(kid);
  const keys = await ring.list();
  const current = keys.find(({ state }) => state === 'current');
  const hasChanged = before.some((key) => key.kid === kid && key.state === 'current');
  if (current !== undefined && hasChanged) warnIfTooSoon(keys, current.kid, leadSeconds, terminal);
  terminal.print(json ? jsonText(revoked) : revokedText(revoked, before, keys, new Date()));
  return exitCodes.done;
}

function warnIfTooSoon(keys: readonly WireSigningKey[], kid: string, leadSeconds: number, terminal: Terminal): void {
  const key = keys.find((one) => one.kid === kid && one.state === 'current');
  const warning = key === undefined ? undefined : tooSoonText(key, leadSeconds, new Date());
  if (warning !== undefined) terminal.note(warning);
}
