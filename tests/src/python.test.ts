import { spawn, type ChildProcess } from 'node:child_process';
import { freePort, inRepository, pythonEnvironment, run, startPlatform, waitFor, type Platform } from '@runlayer/local-platform';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';

const python = await pythonEnvironment('tests/python/requirements.txt');

describeWith(typeof python === 'string' ? python : undefined, 'Python on both sides of the proxy', () => {
  let platform: Platform;
  let upstream: ChildProcess;
  let connector: string;
  const interpreter = typeof python === 'string' ? '' : python.python;

  beforeAll(async () => {
    platform = await startPlatform();
    const port = await freePort();
    const made = await platform.api<{ id: string }>('POST', '/servers', {
      name: 'python',
      url: `http://127.0.0.1:${port}/mcp`,
      transport: 'streaming-http',
    });
    connector = made.id;
    await platform.api('PATCH', `/servers/${connector}`, { identity_forward: { token: true } });
    upstream = spawn(interpreter, [inRepository('examples/python-upstream/server.py')], {
      env: {
        ...process.env,
        PORT: String(port),
        RUNLAYER_URL: platform.url,
        RUNLAYER_SERVER_ID: connector,
        RUNLAYER_IDENTITY_JWKS_URL: `${platform.url}/.well-known/runlayer-identity-forward.jwks.json`,
      },
      stdio: 'inherit',
    });
    await waitFor('the Python server listening', () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => undefined,
      ),
    );
  });

  afterAll(async () => {
    upstream.kill();
    await platform.stop();
  });

  it('the official client lists and calls tools, and PyJWT accepts the token [ID-5, ID-3, PLAT-3]', async () => {
    const { code, stdout, stderr } = await run(interpreter, [
      inRepository('tests/python/client.py'),
      `${platform.url}/api/v1/proxy/${connector}/mcp`,
      platform.adminKey,
      'whoami',
    ]);
    expect(code, stderr).toBe(0);
    const { tools, text } = JSON.parse(stdout) as { tools: string[]; text: string };
    expect(tools).toContain('whoami');
    expect(text).toContain('user');
  });

  it('the recipe refuses every bad token of the vectors and takes every good one [ID-5]', async () => {
    const tested = await run(interpreter, ['-m', 'unittest'], { cwd: inRepository('examples/python-upstream') });
    expect(tested.code, tested.stderr).toBe(0);
    expect(tested.stderr).toMatch(/Ran [1-9]/);
  });

  it('PyJWT refuses a call whose token is for another server [ID-5]', async () => {
    const other = await platform.api<{ id: string; url: string }>('GET', `/servers/${connector}`);
    const twin = await platform.api<{ id: string }>('POST', '/servers', { name: 'twin', url: other.url, transport: 'streaming-http' });
    await platform.api('PATCH', `/servers/${twin.id}`, { identity_forward: { token: true } });
    const called = await run(interpreter, [
      inRepository('tests/python/client.py'),
      `${platform.url}/api/v1/proxy/${twin.id}/mcp`,
      platform.adminKey,
      'whoami',
    ]);
    expect(`${called.stdout}${called.stderr}`).toMatch(/audience|InvalidAudience|refused|401/i);
  });
});
