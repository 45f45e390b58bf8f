// The official MCP clients of both generations, behind the few calls that the tests make.
import type { McpClient } from './clients/session.ts';
import { openTypeScript1 } from './clients/typescript-1.ts';
import { openTypeScript2 } from './clients/typescript-2.ts';

export type Connect = (url: string, headers: Record<string, string>) => Promise<McpClient>;

/** Each generation by name. */
export const mcpClients: readonly (readonly [string, Connect])[] = [
  ['TypeScript SDK 1.x', (url, headers) => openTypeScript1({ url, headers })],
  ['TypeScript SDK 2.x', (url, headers) => openTypeScript2('legacy')({ url, headers })],
];
