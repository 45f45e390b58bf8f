import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSigner, generateSigningKey, publicJwks } from './sign/index.ts';
import { identityErrors } from './error-codes.ts';

const root = join(import.meta.dirname, '..');
const readme = await readFile(join(root, 'README.md'), 'utf8');
const block = (language: string): string => new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readme)?.[1] ?? '';
const key = generateSigningKey();
let server: Server;
let issuer: string;
let handle: (request: Request) => Promise<Response>;

beforeAll(async () => {
  server = createServer((_, response) => response.end(JSON.stringify(publicJwks([key]))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { RUNLAYER_URL: issuer, RUNLAYER_SERVER_ID: 'server-1' });
  const file = join(root, '.readme', 'snippet.ts');
  await mkdir(join(root, '.readme'), { recursive: true });
  await writeFile(file, block('ts'));
  ({ handle } = (await import(pathToFileURL(file).href)) as { handle: typeof handle });
});

afterAll(() => {
  server.close();
  delete process.env['RUNLAYER_URL'];
  delete process.env['RUNLAYER_SERVER_ID'];
});

it('greets the caller as the README says [ID-5]', async () => {
  const token = createSigner({ issuer, key }).sign(
    { subjectType: 'user', organizationId: 'o', userId: 'u', userEmail: 'ann@example.com' },
    'server-1',
  );
  const answer = await handle(new Request('http://localhost/mcp', { headers: { 'X-Runlayer-Identity-Token': token } }));
  expect(block('ts')).toContain(`// ${await answer.text()}\n`);
});

it('refuses a call without a token as the README says [ID-5]', async () => {
  const answer = await handle(new Request('http://localhost/mcp'));
  expect(answer.status).toBe(401);
  expect(block('ts')).toContain(`// ${await answer.text()}\n`);
});

it('shows the Python that the example runs', async () => {
  const recipe = await readFile(join(root, '../../examples/python-upstream/identity.py'), 'utf8');
  expect(block('python')).not.toBe('');
  expect(recipe.replaceAll(/^ {8}/gm, '')).toContain(block('python'));
});

it('names every error code', () => {
  for (const code of Object.keys(identityErrors))
    expect(readme).toContain(code.replace(/^ERR_IDENTITY_TOKEN_/, '_').replace(/^ERR_IDENTITY_(SUBJECT|SIGNING_KEY)$/, '_$1'));
});
