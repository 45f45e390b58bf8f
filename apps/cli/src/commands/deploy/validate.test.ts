import { expect, it } from 'vitest';
import { withDouble } from '../../testing/with-double.ts';

const stage = withDouble();
const valid = 'name: notes\nruntime: docker\nimage: example/notes:1\nservice:\n  port: ${PORT:-8000}\nenv:\n  TOKEN: "${TOKEN}"\n';

it('says that the file is valid, and creates nothing [CLI-4]', async () => {
  await stage.write('runlayer.yaml', valid);
  const done = await stage.runlayer(['deploy', 'validate', '--json'], { TOKEN: 'x' });
  expect(JSON.parse(done.stdout)).toMatchObject({ ok: true, valid: true });
  expect(stage.requests()).toEqual(['POST /deployments/validate-yaml']);
  expect(stage.platform.seen[0]?.body).toEqual({ yaml_content: valid.replace('${PORT:-8000}', '8000').replace('${TOKEN}', 'x') });
});

it('lists every missing variable in one error and sends nothing [SUB-1]', async () => {
  await stage.write('runlayer.yaml', `${valid}  OTHER: \${OTHER}\n`);
  const done = await stage.runlayer(['deploy', 'validate']);
  expect(done.code).toBe(2);
  expect(done.stderr).toContain("runlayer.yaml:7:11: env.TOKEN: Required environment variable 'TOKEN' is not set.");
  expect(done.stderr).toContain("Required environment variable 'OTHER' is not set.");
  expect(stage.requests()).toEqual([]);
});

it('lists every fault with its place and shows no value of env [CLI-4, SUB-8]', async () => {
  await stage.write('runlayer.yaml', valid.replace('${PORT:-8000}', 'many').replace('TOKEN:', 'BAD-NAME:'));
  const done = await stage.runlayer(['deploy', 'validate'], { TOKEN: 'hunter2' });
  expect(done.code).toBe(2);
  expect(done.stderr).toMatch(/runlayer\.yaml:5:9: service\.port: /);
  expect(done.stderr).toMatch(/runlayer\.yaml:7:3: .*BAD-NAME/);
  expect(done.stdout + done.stderr).not.toContain('hunter2');
});

it('tells a program the same [CLI-4]', async () => {
  await stage.write('runlayer.yaml', valid.replace('${PORT:-8000}', 'many'));
  const { code, stdout } = await stage.runlayer(['deploy', 'validate', '--json'], { TOKEN: 'x' });
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    exit_code: 2,
    error: { code: 'ERR_CLI_CONFIG_INVALID', issues: [{ path: 'service.port', line: 5, column: 9 }] },
  });
});

it.each([
  [
    'issues',
    { valid: false, error: 'x', issues: [{ path: 'service', message: 'Not on this platform.' }] },
    /service: Not on this platform\./,
  ],
  ['text alone', { valid: false, error: 'Not on this platform.' }, /Not on this platform\./],
])('takes the word of the server, given as %s [CLI-4]', async (_form, validity, message) => {
  await stage.write('runlayer.yaml', valid);
  stage.platform.validity = validity;
  const done = await stage.runlayer(['deploy', 'validate'], { TOKEN: 'x' });
  expect(done).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });
});

it('warns once of an exposed route that is none of OAuth, and of what the server alone knows [CLI-4, CFG-3]', async () => {
  await stage.write('runlayer.yaml', valid.replace('env:', '  expose: [/token, /open]\nenv:'));
  const [known, other] = [
    { path: 'service.expose[1]', message: 'This route needs no authentication and does not look like one of OAuth.' },
    { path: 'name', message: 'News.' },
  ];
  stage.platform.validity = { valid: true, error: null, parsed_config: {}, issues: [], warnings: [{ ...known, line: 9 }, other] };
  const { code, stderr } = await stage.runlayer(['deploy', 'validate'], { TOKEN: 'x' });
  expect(code).toBe(0);
  expect(stderr.match(/^warning: .*/gm)).toEqual([
    expect.stringMatching(/runlayer\.yaml:6:20: service\.expose\[1\]: This route needs no authentication/),
    expect.stringMatching(/name: News\./),
  ]);
  expect(stderr).toContain('OAuth discovery and protocol endpoints');
});

it('reads the file of variables that is named, and the one beside the file [SUB-5]', async () => {
  await stage.write('runlayer.yaml', valid);
  await stage.write('ci.env', 'TOKEN=from-ci\n');
  expect(await stage.runlayer(['deploy', 'validate', '--env-file', 'ci.env'])).toMatchObject({ code: 0 });
  expect(JSON.stringify(stage.platform.seen[0]?.body)).toContain('from-ci');
  await stage.write('.env', 'TOKEN=beside\n');
  await stage.runlayer(['deploy', 'validate'], { TOKEN: 'process' });
  expect(JSON.stringify(stage.platform.seen[1]?.body)).toContain('beside');
});

it('names a file that is not there [CLI-4, SUB-5]', async () => {
  await stage.write('runlayer.yaml', valid);
  expect(await stage.runlayer(['deploy', 'validate', '-e', 'none.env'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('none.env') as string,
  });
  expect(await stage.runlayer(['deploy', 'validate', '-c', 'none.yaml'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('none.yaml') as string,
  });
});
