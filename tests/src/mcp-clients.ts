// The official MCP clients of both generations, behind the few calls that the tests make.
import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export interface McpClient {
  tools(): Promise<string[]>;
  /** Text of a tool's answer; throws when the tool reports an error. */
  call(name: string, args?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

export type Connect = (url: string, headers: Record<string, string>) => Promise<McpClient>;

const identity = { name: 'runlayer-tests', version: '1.0.0' };

async function connect1(url: string, headers: Record<string, string>): Promise<McpClient> {
  const client = new Client1(identity);
  await client.connect(new Transport1(new URL(url), { requestInit: { headers } }));
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}) => textOf(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

async function connect2(url: string, headers: Record<string, string>): Promise<McpClient> {
  const client = new Client2(identity);
  await client.connect(new Transport2(new URL(url), { requestInit: { headers } }));
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}) => textOf(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

/** Each generation by name. */
export const mcpClients: readonly (readonly [string, Connect])[] = [
  ['TypeScript SDK 1.x', connect1],
  ['TypeScript SDK 2.x', connect2],
];

function textOf(result: unknown): string {
  const { content, isError } = result as { content?: { text?: string }[]; isError?: boolean };
  const text = (content ?? []).map((part) => part.text ?? '').join('\n');
  if (isError === true) throw new Error(text);
  return text;
}
