// Tells which MCP method a call makes and on which tool, prompt or resource: for logs and metrics, never to decide anything.
import { decodeHeaderValue } from '@runlayer/identity-forward/headers';
import { scanMcp, unescaped } from './mcp-name-scan.ts';
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
  const bytes = typeof body === 'string' ? Buffer.from(body.slice(0, lookedAtBytes), 'latin1') : body;
  const { method: place, name, uri, batch } = scanMcp(bytes.toString('latin1', 0, lookedAtBytes));
  const method = place === undefined ? undefined : logName(textAt(bytes, place));
  if (method === undefined) return batch ? batchOnly : undefined;
  return { method, name: nameOf(method, bytes, name, uri), batch, source: 'body' };
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

function nameOf(method: string, bytes: Buffer, name: Place | undefined, uri: Place | undefined): string | undefined {
  if (!named.has(method)) return undefined;
  if (method === 'resources/read') return uri === undefined ? undefined : logAddress(textAt(bytes, uri));
  return name === undefined ? undefined : logName(textAt(bytes, name));
}

/** A copy: a part of the whole text would keep all of it alive for as long as the call runs. */
function textAt(bytes: Buffer, { start, end }: Place): string | undefined {
  return unescaped(bytes.toString('utf8', start, end));
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
