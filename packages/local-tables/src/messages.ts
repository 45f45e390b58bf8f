// What the platform's thread and the tables' thread say to each other.

/** Verbs that the tables' thread is asked for. */
export type Verb = 'ensure' | 'has' | 'remove' | 'close';

/** To the tables' thread. */
export interface Question {
  readonly id: number;
  readonly verb: Verb;
  readonly deploymentId: string;
}

/** From the tables' thread: open, an answer, or why it did not open. */
export type Message =
  | { readonly type: 'open'; readonly port: number; readonly formerPort?: number | undefined }
  | { readonly type: 'failed'; readonly error: Fault }
  | { readonly type: 'answer'; readonly id: number; readonly found: boolean }
  | { readonly type: 'refusal'; readonly id: number; readonly error: Fault }
  | { readonly type: 'fault'; readonly message: string };

/** An error as plain data: threads share no classes. */
export interface Fault {
  readonly code: string | undefined;
  readonly message: string;
}

/** What crosses of an error. */
export function faultOf(error: unknown): Fault {
  const code = (error as { code?: unknown } | null)?.code;
  return { code: typeof code === 'string' ? code : undefined, message: error instanceof Error ? error.message : String(error) };
}
