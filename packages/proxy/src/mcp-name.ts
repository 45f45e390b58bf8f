// Tells which MCP method a call makes and on which tool, prompt or resource: for logs and metrics, never to decide anything.
import { decodeHeaderValue } from '@runlayer/identity-forward/headers';
import { readString, scanMcp } from './mcp-name-scan.ts';
import type { Place } from './mcp-name-scan.ts';
import { logAddress, logName, longestName } from './mcp-name-text.ts';

/** What a JSON-RPC request asks for. Texts have at most 128 characters, none of them a control character. */
export interface McpName {
  /** Such as `tools/call`. Left out for a response. */
  readonly method?: string | undefined;
  /** Name of the tool or prompt, or the resource's address without user, query and fragment. */
  readonly name?: string | undefined;
  /** Whether it is the first of several requests in one body. */
  readonly batch: boolean;
  /** Where it was read. A header is the caller's word only: an upstream may act on the body. */
  readonly source: 'body' | 'headers';
}

/** Bytes of a body that are looked at. */
export const lookedAtBytes = 4_096;

/**
 * What a body asks for, by its first 4 KB; `undefined` when it names no method. Of a member that comes twice the last one that was
 * seen counts, as for most parsers. A text holds one byte per character.
 */
export function mcpNameOfBody(body: Buffer | string): McpName | undefined {
  const text = typeof body === 'string' ? body.slice(0, lookedAtBytes) : body.toString('latin1', 0, lookedAtBytes);
  const { method: place, name, uri, batch } = scanMcp(text);
  const method = place === undefined ? undefined : methodAt(text, place);
  if (method === undefined) return batch ? batchOnly : undefined;
  return { method, name: nameOf(method, text, name, uri), batch, source: 'body' };
}

const batchOnly: McpName = { batch: true, source: 'body' };

/**
 * What the headers `Mcp-Method` and `Mcp-Name` of revision 2026-07-28 say; `undefined` without the first.
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
 */
export function mcpNameFromHeaders(mcpMethod: string | undefined, mcpName: string | undefined): McpName | undefined {
  const method = logName(mcpMethod);
  if (method === undefined) return undefined;
  const decoded = named.has(method) ? decodedHeader(mcpName) : undefined;
  return { method, name: method === 'resources/read' ? logAddress(decoded) : logName(decoded), batch: false, source: 'headers' };
}

/** The methods that any server may be asked for, through all revisions: bounded, so they can label a metric. */
export const mcpMethods: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
  'server/discover',
  'subscriptions/listen',
  'tasks/get',
  'tasks/list',
  'tasks/result',
  'tasks/cancel',
  'tasks/update',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'notifications/elicitation/complete',
]);

const named: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

function methodAt(text: string, { start, end }: Place): string | undefined {
  // The common one without making a text of it.
  if (end - start === 10 && text.startsWith('tools/call', start)) return 'tools/call';
  return logName(readString(text, start, end));
}

function nameOf(method: string, text: string, name: Place | undefined, uri: Place | undefined): string | undefined {
  if (method === 'resources/read') return uri === undefined ? undefined : logAddress(readString(text, uri.start, uri.end));
  return name === undefined || !named.has(method) ? undefined : logName(readString(text, name.start, name.end));
}

/** The sentinel form decoded; a value that is not what it looks like is taken as it stands. */
function decodedHeader(value: string | undefined): string | undefined {
  if (value === undefined || value.length > 8 * longestName) return value;
  try {
    return decodeHeaderValue(value);
  } catch {
    return value;
  }
}
