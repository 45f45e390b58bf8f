// Where a value stands, and how a message about it begins.
import type { Complaint } from './field.ts';

/** Where a field stands. */
export interface Spot {
  readonly path: string;
  /** The key's own name, for messages. */
  readonly name: string;
  /** Offset of the value, else of the key. */
  readonly at: number | undefined;
}

/** A complaint with its subject in front: `port` must be …. */
export function named(complaint: Complaint, subject: string): Complaint {
  return { ...complaint, message: `${subject} ${complaint.message}` };
}
