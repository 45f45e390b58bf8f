// Which code the choice of a target loads: the SDK is large, and the start of a server on Docker should not wait for it.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const module_ = JSON.stringify(new URL('target.ts', import.meta.url).href);
const program = `
import { registerHooks } from 'node:module';
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const name = /node_modules\\/(@aws-sdk|@smithy|dockerode)\\//.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});
const { openTarget } = await import(${module_});
await openTarget(JSON.parse(process.argv[1]));
process.stdout.write([...loaded].sort().join());
process.exit();
`;

const onAws = { awsRegion: 'us-east-1', awsVpc: 'vpc-1', awsSubnets: ['subnet-1'], awsProxySecurityGroup: 'sg-1' };

it.each([
  ['docker', 'dockerode'],
  ['aws', '@aws-sdk,@smithy'],
])('a server on %s loads %s', (target, expected) => {
  const settings = JSON.stringify({ ...onAws, target, dataDir: '/nowhere' });
  expect(execFileSync(process.execPath, ['--input-type=module', '--eval', program, settings], { encoding: 'utf8' })).toBe(expected);
});
