// The lines in which the engine tells of layers on their way.
import type { TransferEvent } from './events.ts';

/** A line of the engine's answer, in the parts that tell of bytes. */
export interface TransferLine {
  readonly id?: unknown;
  readonly status?: unknown;
  readonly progressDetail?: unknown;
}

/** The bytes that a line of a pull or a push tells of; none when it tells of something else. */
export function transferOf({ id, status, progressDetail }: TransferLine): TransferEvent[] {
  if (typeof id !== 'string' || typeof status !== 'string') return [];
  const { current, total } = (progressDetail ?? {}) as { current?: unknown; total?: unknown };
  return [transferEvent(id, status, Number(current ?? 0), Number(total ?? 0))];
}

/** The event for so many bytes; a total of 0 means that it is not known. */
export function transferEvent(id: string, action: string, bytes: number, total: number): TransferEvent {
  return { type: 'transfer', id, action, bytes, total: total > 0 ? total : undefined };
}
