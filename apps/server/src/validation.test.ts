// What the API says of configurations, good and hostile.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const secret = 'canary-5f1d2c';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server.stop(), 30_000);

describe('validation', () => {
  const validate = (yaml_content: string) => server.call('POST', '/api/v1/deployments/validate-yaml', { body: { yaml_content } });

  it('answers 200 for an invalid file too, with every fault and its place [CFG-10, CLI-4]', async () => {
    const answer = await validate('name: Bad Name\nruntime: cobol\nservice:\n  port: 0\n  healthcheck: x\n');
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ valid: false, parsed_config: null, error: expect.stringContaining('\n') });
    expect(answer.json.issues.length).toBeGreaterThanOrEqual(4);
    expect(answer.json.issues[0]).toMatchObject({ path: expect.any(String), line: expect.any(Number), column: expect.any(Number) });
  });

  it.each([
    ['nothing', ''],
    ['broken YAML', 'a: ['],
    ['a list', '- 1'],
    ['NUL', 'a: \u0000'],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefghij')
        .map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(9)}]`)
        .join('\n')}`,
    ],
    ['a deep nest', `a: ${'['.repeat(50_000)}`],
    ['a megabyte of text', `name: ${'x'.repeat(1024 * 1024)}`],
  ])('of %s ends soon with a clear error', async (_name, content) => {
    const startedAt = performance.now();
    const answer = await validate(content);
    expect(answer).toMatchObject({ status: 200, json: { valid: false, error: expect.stringMatching(/./) } });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('shows no value of env [SEC-1, SUB-8]', async () => {
    const answer = await validate(`name: n\nruntime: docker\nservice:\n  port: 8000\nenv:\n  SECRET: ${secret}\n`);
    expect(answer.json).toMatchObject({ valid: true, error: null, parsed_config: { env: { SECRET: '***' } } });
    expect(answer.text).not.toContain(secret);
  });
});
