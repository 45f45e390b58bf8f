// The arguments of the commands, right and wrong.
import { expect, it } from 'vitest';
import { awsHelp } from './help.ts';
import { parseAws } from './parse-aws.ts';

const nowhere = { awsVpc: undefined, awsSubnets: undefined, awsRegion: undefined, awsEnvironment: undefined, awsAccount: undefined };
const common = { place: nowhere, json: false, configFile: undefined, policyFile: undefined };
const bootstrap = { do: 'bootstrap', ...common, yes: false, plan: false };

it.each([
  ['', { do: 'help', of: undefined }],
  ['--help', { do: 'help', of: undefined }],
  ['bootstrap', bootstrap],
  ['bootstrap -h', { do: 'help', of: 'bootstrap' }],
  ['bootstrap --plan --json -c f', { ...bootstrap, plan: true, json: true, configFile: 'f' }],
  [
    'bootstrap --vpc vpc-0a1b --subnets subnet-0a,subnet-1b --region eu-central-1 --environment prod --account 111122223333 -y',
    {
      ...bootstrap,
      yes: true,
      place: {
        awsVpc: 'vpc-0a1b',
        awsSubnets: ['subnet-0a', 'subnet-1b'],
        awsRegion: 'eu-central-1',
        awsEnvironment: 'prod',
        awsAccount: '111122223333',
      },
    },
  ],
  ['policy', { do: 'policy', ...common, of: 'server' }],
  ['policy --of bootstrap --policy-file p.json', { do: 'policy', ...common, policyFile: 'p.json', of: 'bootstrap' }],
  ['policy --help', { do: 'help', of: 'policy' }],
])('reads aws %s', (line, command) => {
  expect(parseAws(line.split(' ').filter((word) => word !== ''))).toEqual(command);
});

it.each([
  ['destroy', /There is no command `aws destroy`; there are bootstrap, policy and refresh/],
  ['bootstrap --now', /Unknown option '--now'/],
  ['bootstrap x', /Unexpected argument 'x'/],
  ['policy --yes', /Unknown option '--yes'/],
  ['bootstrap --vpc', /--vpc/],
  ['bootstrap --vpc my-vpc', /--vpc must be the id of a VPC, such as vpc-0a1b2c3d \(found "my-vpc"\)/],
  ['bootstrap --subnets subnet-1,vpc-2', /--subnets must be ids of subnets/],
  ['bootstrap --region Frankfurt', /--region must be the name of a region/],
  ['bootstrap --environment Prod', /--environment must be 1 to 12 of a-z, 0-9 and -/],
  ['bootstrap --account me', /--account must be twelve digits/],
  ['policy --of everybody', /--of must be server or bootstrap \(found "everybody"\)/],
])('refuses aws %s', (line, message) => {
  expect(() => parseAws(line.split(' '))).toThrow(
    expect.objectContaining({ code: 'ERR_AWS_USAGE', message: expect.stringMatching(message) }),
  );
});

it.each([undefined, 'bootstrap', 'policy'] as const)('has help with examples and exit codes for %s', (verb) => {
  const text = awsHelp(verb);
  for (const part of ['Usage: runlayer-server aws', 'Exit codes: 0', 'Examples:\n  runlayer-server aws', 'RUNLAYER_AWS_VPC', 'AWS_PROFILE'])
    expect(text).toContain(part);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
});
