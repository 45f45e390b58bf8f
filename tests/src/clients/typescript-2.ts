// The official TypeScript SDK 2.x, which speaks the 2026-07-28 revision when it is told to.
import { Client, SSEClientTransport, StreamableHTTPClientTransport, type VersionNegotiationOptions } from '@modelcontextprotocol/client';
import { identity, modelAnswer, textOf, userAnswer, type Address, type McpClient, type Open } from './session.ts';

export type Mode = NonNullable<VersionNegotiationOptions['mode']>;

/** `legacy` is what the SDK does by default; `auto` asks the server first; a pinned revision is the only one spoken. */
export const openTypeScript2 =
  (mode: Mode): Open =>
  (address) =>
    open(address, mode);

async function open({ url, headers, transport }: Address, mode: Mode): Promise<McpClient> {
  const client = new Client(identity, { capabilities: { sampling: {}, elicitation: {} }, versionNegotiation: { mode } });
  const heard: string[] = [];
  client.setRequestHandler('sampling/createMessage', () => ({
    model: 'none',
    role: 'assistant' as const,
    content: { type: 'text' as const, text: modelAnswer },
  }));
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept' as const, content: { name: userAnswer } }));
  client.setNotificationHandler('notifications/message', ({ params }) => void heard.push(String(params.data)));
  client.setNotificationHandler('notifications/tools/list_changed', ({ method }) => void heard.push(method));
  const options = { requestInit: { headers } };
  const http = new StreamableHTTPClientTransport(new URL(url), options);
  await client.connect(transport === 'sse' ? new SSEClientTransport(new URL(url), options) : http);
  return {
    heard,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, args = {}, { onProgress, signal } = {}) {
      const onprogress = ({ progress }: { progress: number }): void => onProgress?.(progress);
      return textOf(await client.callTool({ name, arguments: args }, { onprogress, ...(signal && { signal }) }));
    },
    async listen() {
      const subscription = await client.listen({ toolsListChanged: true });
      return () => subscription.close();
    },
    async close() {
      await http.terminateSession();
      await client.close();
    },
  };
}
