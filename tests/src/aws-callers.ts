// Callers of deployments on AWS: what each call met, and which task answered it.
import type { Platform } from '@runlayer/local-platform';

/** One call through the proxy. */
export interface Met {
  readonly status: number;
  /** Code of the platform's refusal, or of the fault of the connection. */
  readonly code?: string | undefined;
  readonly task?: string;
  readonly owner?: string;
  readonly round?: string;
  readonly session?: string | undefined;
  /** When it began, and how long it took, milliseconds. */
  readonly at: number;
  readonly took: number;
}

/** Posts an MCP message, which nobody may repeat once it is sent. */
export async function call(
  platform: Platform,
  id: string,
  { session, method = 'tools/list' }: { session?: string; method?: string } = {},
): Promise<Met> {
  const began = performance.now();
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'tests', version: '1.0.0' } };
  try {
    const response = await fetch(`${platform.url}/api/v1/proxy/hosted/${id}/mcp`, {
      method: 'POST',
      headers: {
        'x-runlayer-api-key': platform.adminKey,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { code, result } = (await response.json()) as { code?: string; result?: Partial<Met> };
    const given = response.headers.get('mcp-session-id') ?? undefined;
    return { status: response.status, code, ...result, session: given, at: began, took: performance.now() - began };
  } catch (error) {
    return { status: 0, code: String((error as Error).cause ?? error), at: began, took: performance.now() - began };
  }
}

/** Callers that do not stop. */
export interface Steady {
  readonly met: readonly Met[];
  /** Those that were not answered by the server. */
  failed(): Met[];
  /** Ends them, and gives what all of them met. */
  end(): Promise<readonly Met[]>;
}

/** Clients that call one deployment, each one call after the other. */
export function callOnAndOn(platform: Platform, id: string, clients = 6): Steady {
  const met: Met[] = [];
  const stop = new AbortController();
  const client = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      met.push(await call(platform, id));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    met,
    failed: () => met.filter(({ status }) => status !== 200),
    async end() {
      stop.abort();
      await all;
      return met;
    },
  };
}
