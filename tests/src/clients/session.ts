// What the tests ask of every MCP client, whichever language it is written in.

export interface CallOptions {
  /** Sees the number of each step as it is told. */
  readonly onProgress?: (step: number) => void;
  /** Aborted to cancel the call as this client cancels calls; the call then rejects. */
  readonly signal?: AbortSignal;
}

/** A client that is connected to a server. */
export interface McpClient {
  tools(): Promise<string[]>;
  /** Text of a tool's answer; throws when the tool reports an error. */
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<string>;
  /** What the server told outside of calls: the text of log messages, the method of other notifications. */
  readonly heard: readonly string[];
  /** Whether it keeps the progress of calls to itself. */
  readonly silent?: true;
  /** Opens the stream that brings `heard` where a revision wants it asked for. Resolves to the way to close it. */
  listen?(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Default: `http`, streamable HTTP. `sse` is the transport of the 2024-11-05 revision. */
  readonly transport?: 'http' | 'sse';
}

export type Open = (address: Address) => Promise<McpClient>;

export const identity = { name: 'runlayer-tests', version: '1.0.0' };

/** What every client answers when the server asks its model. */
export const modelAnswer = 'It is about time.';
/** What every client answers when the server asks its user. */
export const userAnswer = 'Ada Lovelace';

interface ToolResult {
  readonly content?: readonly { readonly text?: string }[];
  readonly isError?: boolean;
}

/** The text of a tool's answer. */
export function textOf(result: unknown): string {
  const { content, isError } = result as ToolResult;
  const text = (content ?? []).map((part) => part.text ?? '').join('\n');
  if (isError === true) throw new Error(text);
  return text;
}
