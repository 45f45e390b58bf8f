// Waits for a rotation, shows how long it still takes, and never waits for ever.
import type { WireSigningKeyRotation } from '@runlayer/api';
import { fail } from '../error-codes.ts';
import type { Ring } from './ring.ts';
import { spanText } from './tell.ts';
import type { Terminal } from '../command/terminal.ts';

/** Beyond the time that was told, ms: servers look each second, and clocks differ. */
const marginMs = 60_000;
const lineEveryMs = 60_000;

/** The rotation, done. @throws ERR_KEYS_WAIT when it is not in time; the reason of `interrupted` */
export async function waitForRotation(
  ring: Ring,
  rotation: WireSigningKeyRotation,
  leadSeconds: number,
  terminal: Pick<Terminal, 'note' | 'isInteractive'>,
  interrupted: AbortSignal,
): Promise<WireSigningKeyRotation> {
  const left = (): number => Date.parse(rotation.at) - Date.now();
  const late = AbortSignal.timeout(Math.max(left(), leadSeconds * 1_000) + marginMs);
  const stopShowing = show(left, terminal);
  try {
    return await ring.untilDone(rotation, AbortSignal.any([late, interrupted]));
  } catch (error) {
    if (interrupted.aborted) throw interrupted.reason;
    if (late.aborted) throw fail('ERR_KEYS_WAIT', `Key ${rotation.kid} still does not sign, though its time has come.`, { cause: error });
    throw error;
  } finally {
    stopShowing();
  }
}

/** On a terminal one line that counts down, elsewhere a line each minute. */
function show(left: () => number, { note, isInteractive }: Pick<Terminal, 'note' | 'isInteractive'>): () => void {
  const text = (): string => (left() > 0 ? `Waiting, ${spanText(left())} left` : 'Waiting for a server to make the change');
  if (!isInteractive) {
    note(`${text()}.\n`);
    const timer = setInterval(() => note(`${text()}.\n`), lineEveryMs);
    return () => clearInterval(timer);
  }
  const draw = (): void => note(`\r\u001b[K${text()} (Ctrl-C stops waiting only)`);
  draw();
  const timer = setInterval(draw, 1_000);
  return () => {
    clearInterval(timer);
    note('\r\u001b[K');
  };
}
