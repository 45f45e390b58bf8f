// The MCP server: one tool, which knows the person from the access token.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

/** A server for one request. */
export function createTools(): McpServer {
  const server = new McpServer({ name: 'oauth-example', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who allowed this client to call, and what it may do.' }, ({ authInfo }) => ({
    content: [
      { type: 'text', text: JSON.stringify({ name: authInfo?.extra?.['name'], client: authInfo?.clientId, scopes: authInfo?.scopes }) },
    ],
  }));
  return server;
}
