import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { describeWith, dockerMissing } from '@runlayer/test-services';
import Docker from 'dockerode';
import { afterAll, expect, it } from 'vitest';
import { ensureBaseImage } from './base-image.ts';

describeWith(await dockerMissing(), 'a base image that cannot be pulled', () => {
  const docker = new Docker();
  const reference = `runlayer-test-${randomUUID()}:24-slim`;
  const said: string[] = [];
  const ensure = () => ensureBaseImage(docker, reference, { pull: false, say: (line) => said.push(line) });

  afterAll(async () => {
    await docker.getImage(reference).remove({ force: true });
  });

  it('is replaced by a stand-in that runs Node as its own user, and says so', async () => {
    expect(await ensure()).toEqual({ reference, source: 'stand-in', standIn: true });
    expect(said.join()).toContain('stand-in');
    const program =
      "const o = require('node:os'); require('node:fs').writeFileSync(o.tmpdir() + '/x', ''); console.log(process.version, o.userInfo().username)";
    expect(await runOnce(program)).toBe(`${process.version} node\n`);
  });

  it('is found the second time, and known as a stand-in', async () => {
    expect(await ensure()).toEqual({ reference, source: 'present', standIn: true });
  });

  async function runOnce(program: string): Promise<string> {
    const output = new PassThrough();
    const everything = text(output);
    const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
    await docker.run(reference, ['node', '-e', program], [output, nothing], { Tty: false, User: 'node', HostConfig: { AutoRemove: true } });
    output.end();
    return everything;
  }
});
