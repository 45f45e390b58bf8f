// Cases of reading the log of a deployment.
import assert from 'node:assert/strict';
import type { LogLine, LogOptions, Provisioner } from '../provisioner.ts';
import { ask, next, serve, until, withDeployment } from './driving.ts';
import type { CaseBody } from './harness.ts';

export const logCases: Readonly<Record<string, CaseBody>> = {
  'logs gives past lines with their times, and only the last ones when asked': withDeployment(async (_harness, provisioner, spec) => {
    const endpoint = await serve(provisioner, spec);
    for (const word of ['first', 'second', 'third']) await ask(endpoint, `/log/${word}`);
    await until(async () => (await read(provisioner, spec.deploymentId)).some(({ line }) => line === 'third'), 'the log shows the lines');
    const lines = await read(provisioner, spec.deploymentId);
    const texts = lines.map(({ line }) => line);
    assert.ok(texts.includes('started'));
    assert.deepEqual(texts.slice(-3), ['first', 'second', 'third']);
    for (const { time, stream } of lines) {
      assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
      assert.ok(stream === 'stdout' || stream === 'stderr');
    }
    const tail = await read(provisioner, spec.deploymentId, { tail: 2 });
    assert.deepEqual(
      tail.map(({ line }) => line),
      ['second', 'third'],
    );
    const since = await read(provisioner, spec.deploymentId, { since: lines.at(-1)!.time });
    assert.equal(since.at(-1)?.line, 'third');
    assert.deepEqual(await read(provisioner, spec.deploymentId, { since: new Date(Date.now() + 60_000).toISOString() }), []);
  }),

  'logs follows new lines until the signal': withDeployment(async (_harness, provisioner, spec) => {
    const endpoint = await serve(provisioner, spec);
    const stop = new AbortController();
    const followed: string[] = [];
    const reading = (async () => {
      for await (const { line } of provisioner.logs(spec.deploymentId, { follow: true, signal: stop.signal })) followed.push(line);
    })();
    await until(() => followed.includes('started'), 'past lines come');
    await ask(endpoint, '/log/fresh');
    await until(() => followed.includes('fresh'), 'new lines come');
    stop.abort();
    await reading;
    assert.equal(followed.filter((line) => line === 'fresh').length, 1);
  }),

  'logs follows into the successor of an instance': withDeployment(async (_harness, provisioner, spec) => {
    await serve(provisioner, spec);
    const stop = new AbortController();
    const followed: string[] = [];
    const reading = (async () => {
      for await (const { line } of provisioner.logs(spec.deploymentId, { follow: true, signal: stop.signal })) followed.push(line);
    })();
    await until(() => followed.includes('started'), 'past lines come');
    await ask(await serve(provisioner, next(spec, { env: { NEW: 'yes' } })), '/log/from-the-successor');
    await until(() => followed.includes('from-the-successor'), 'lines of the successor come');
    stop.abort();
    await reading;
  }),

  'logs cuts a line that is too long': withDeployment(async (_harness, provisioner, spec) => {
    const endpoint = await serve(provisioner, spec);
    await ask(endpoint, `/log/${'x'.repeat(9000)}`);
    await ask(endpoint, '/log/end');
    await until(async () => (await read(provisioner, spec.deploymentId)).at(-1)?.line === 'end', 'the log shows the end');
    const long = (await read(provisioner, spec.deploymentId)).at(-2)?.line ?? '';
    assert.match(long, /^x+$/);
    assert.ok(long.length <= 8192, `${long.length} characters`);
  }),
};

async function read(provisioner: Provisioner, deploymentId: string, options: LogOptions = {}): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of provisioner.logs(deploymentId, options)) lines.push(line);
  return lines;
}
