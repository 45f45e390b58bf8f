// The snippet of the README runs as it stands.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';

it('prints what the README says', async () => {
  const server = createServer((request, response) => {
    const known = request.url === '/api/v1/deployments/?limit=10';
    const row = { name: 'notes', state: 'serving', deployment_url: 'http://127.0.0.1:8080/api/v1/proxy/hosted/6f1c…' };
    const body = known ? { data: [row], count: 1 } : { code: 'ERR_DEPLOYMENT_NOT_FOUND', detail: 'No deployment unknown.' };
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const block = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('../README.md', import.meta.url), 'utf8'))?.[1] ?? '';
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('RUNLAYER_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    mkdirSync(new URL('../.readme/', import.meta.url), { recursive: true });
    writeFileSync(new URL('../.readme/snippet.ts', import.meta.url), block);
    await import(new URL('../.readme/snippet.ts', import.meta.url).href);
    const said = [...block.matchAll(/^ *\/\/ (.*)$/gm)].map((match) => match[1]);
    expect(printed.mock.calls.flat()).toEqual(said);
  } finally {
    vi.unstubAllEnvs();
    printed.mockRestore();
    server.close();
  }
});
