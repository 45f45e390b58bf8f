// The one caller and the one deployment of the benchmark, the same for every contender.

export const deployment = '11111111-1111-4111-8111-111111111111';
export const key = 'rl_bench_0123456789abcdef0123456789abcdef';
export const caller = {
  organizationId: '22222222-2222-4222-8222-222222222222',
  userId: '33333333-3333-4333-8333-333333333333',
  userEmail: 'bench@example.com',
} as const;

/** Sent by every load, also to contenders that do not look at the key. */
export const requestHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2025-11-25',
  'x-runlayer-api-key': key,
} as const;

export const toolCall = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hello"}}}';
export const toolAnswer = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}],"isError":false}}';
