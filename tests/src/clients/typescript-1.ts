// The official TypeScript SDK 1.x.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CreateMessageRequestSchema, ElicitRequestSchema, LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { identity, modelAnswer, textOf, userAnswer, type Address, type McpClient } from './session.ts';

export function openTypeScript1({ url, headers, transport }: Address): Promise<McpClient> {
  const requestInit = { headers };
  if (transport === 'sse') return openOver(new SSEClientTransport(new URL(url), { requestInit }));
  const http = new StreamableHTTPClientTransport(new URL(url), { requestInit });
  return openOver(http, () => http.terminateSession());
}

/** A client over any transport of this SDK. `end` runs before it closes. */
export async function openOver(transport: Transport, end: () => Promise<void> = () => Promise.resolve()): Promise<McpClient> {
  const client = new Client(identity, { capabilities: { sampling: {}, elicitation: {} } });
  const heard: string[] = [];
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    model: 'none',
    role: 'assistant' as const,
    content: { type: 'text' as const, text: modelAnswer },
  }));
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept' as const, content: { name: userAnswer } }));
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(String(params.data)));
  await client.connect(transport);
  return {
    heard,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, args = {}, { onProgress, signal } = {}) {
      const onprogress = ({ progress }: { progress: number }): void => onProgress?.(progress);
      return textOf(await client.callTool({ name, arguments: args }, undefined, { onprogress, ...(signal && { signal }) }));
    },
    async close() {
      await end();
      await client.close();
    },
  };
}
