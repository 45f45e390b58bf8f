import { describe } from 'vitest';
import { withLine, withSection } from './testing/good-file.ts';
import { refuses } from './testing/refuses.ts';

const role = 'arn:aws:iam::123456789012:role/x';

describe('infrastructure', () => {
  const size = (cpu: string, memory: string): string => withLine('cpu', `  cpu: ${cpu}`).replace('memory: 512', `memory: ${memory}`);
  const more = (line: string): string => withLine('memory', '  memory: 512', line);
  refuses('refuses $what [CFG-4, CFG-10]', [
    ['an unknown cpu', size('300', '512'), '15:8', 'infrastructure.cpu', /one of 256, 512, 1024, 2048, 4096/, '512'],
    ['a cpu of one vCPU', size('1', '2048'), '15:8', 'infrastructure.cpu', /one of 256/, '1024'],
    ['a quarter of a vCPU', size('0.25', '512'), '15:8', 'infrastructure.cpu', /one of 256/, '256'],
    ['a cpu in quotes', size('"512"', '1024'), '15:8', 'infrastructure.cpu', /one of 256/, '512'],
    ['a cpu in words', size('2 vCPU', '4096'), '15:8', 'infrastructure.cpu', /one of 256/, '2048'],
    ['a memory above the row', size('256', '4096'), '16:11', 'infrastructure.memory', /valid are 512, 1024, 2048\./, '2048'],
    ['a memory below the row', size('1024', '512'), '16:11', 'infrastructure.memory', /valid are 2048, 3072/, '2048'],
    ['a memory between two', size('512', '1500'), '16:11', 'infrastructure.memory', /valid are 1024, 2048/, '1024'],
    ['a memory in gigabytes', size('256', '1GB'), '16:11', 'infrastructure.memory', /whole number/, '1024'],
    ['a memory in MiB', size('256', '512Mi'), '16:11', 'infrastructure.memory', /whole number/, '512'],
    ['a memory in quotes', size('256', '"512"'), '16:11', 'infrastructure.memory', /whole number/, '512'],
    ['a cpu without a memory', withLine('memory'), '15:3', 'infrastructure.memory', /`memory` is missing/, '512'],
    ['a memory without a cpu', withLine('cpu'), '15:3', 'infrastructure.cpu', /`cpu` is missing/, '256'],
    ['an infrastructure that is a list', withSection('infrastructure', 'infrastructure: []\n'), '14:17', 'infrastructure', /must be a map/],
  ]);
  refuses('refuses $what [CFG-5, CFG-10]', [
    [
      'another platform than the build',
      more('  platform: arm'),
      '17:13',
      'infrastructure.platform',
      /must equal `build.platform`, which is x86/,
      'x86',
    ],
    ['an unknown platform', more('  platform: riscv'), '17:13', 'infrastructure.platform', /x86 or arm/],
  ]);
  refuses('refuses $what [CFG-6, CFG-10]', [
    ['yes as a flag', more('  enable_db: yes'), '17:14', 'infrastructure.enable_db', /true or false/, 'true'],
    ['a text as a flag', more('  enable_db: "false"'), '17:14', 'infrastructure.enable_db', /true or false/, 'false'],
    ['a number as a flag', more('  enable_db: 1'), '17:14', 'infrastructure.enable_db', /true or false/, 'true'],
    ['an empty flag', more('  enable_db:'), '17:3', 'infrastructure.enable_db', /true or false/],
    ['a word as a flag', more('  enable_db: sometimes'), '17:14', 'infrastructure.enable_db', /true or false/],
  ]);
  refuses('refuses $what [CFG-7, CFG-10]', [
    [
      'a role that is no ARN',
      more('  aws: {assume_roles: {data: not-an-arn}}'),
      '17:30',
      'infrastructure.aws.assume_roles.data',
      /ARN of an IAM role/,
    ],
    [
      'a role of another service',
      more(`  aws: {assume_roles: {a: ${role.replace('iam', 's3')}}}`),
      '17:27',
      'infrastructure.aws.assume_roles.a',
      /ARN/,
    ],
    [
      'a user instead of a role',
      more(`  aws: {assume_roles: {a: ${role.replace('role', 'user')}}}`),
      '17:27',
      'infrastructure.aws.assume_roles.a',
      /ARN/,
    ],
    [
      'a session instead of a role',
      more('  aws: {assume_roles: {a: "arn:aws:sts::123456789012:assumed-role/x/y"}}'),
      '17:27',
      'infrastructure.aws.assume_roles.a',
      /ARN/,
    ],
    [
      'an account of eleven digits',
      more(`  aws: {assume_roles: {a: ${role.replace('12:', '1:')}}}`),
      '17:27',
      'infrastructure.aws.assume_roles.a',
      /ARN/,
    ],
    [
      'an ARN with a space behind it',
      more(`  aws: {assume_roles: {a: "${role} "}}`),
      '17:27',
      'infrastructure.aws.assume_roles.a',
      /ARN/,
      role,
    ],
    ['a role that is a map', more('  aws: {assume_roles: {a: {b: c}}}'), '17:27', 'infrastructure.aws.assume_roles.a', /must be a text/],
    ['roles as a list', more(`  aws: {assume_roles: [${role}]}`), '17:23', 'infrastructure.aws.assume_roles', /must be a map/],
    [
      'a name with a dash',
      more(`  aws: {assume_roles: {my-role: ${role}}}`),
      '17:24',
      'infrastructure.aws.assume_roles.my-role',
      /not a valid name of a role/,
      'my_role',
    ],
    [
      'a name that begins with a digit',
      more(`  aws: {assume_roles: {1a: ${role}}}`),
      '17:24',
      'infrastructure.aws.assume_roles.1a',
      /not a valid name/,
    ],
    [
      'two names that become one variable',
      more(`  aws: {assume_roles: {data: ${role}, Data: ${role}}}`),
      '17:70',
      'infrastructure.aws.assume_roles.Data',
      /would both become RUNLAYER_AWS_ROLE_DATA/,
    ],
    ['aws as a text', more('  aws: yes'), '17:8', 'infrastructure.aws', /must be a map/],
  ]);
  refuses('refuses $what [CFG-9, CFG-10]', [
    ['no copy at all', more('  scaling: {min_replicas: 0}'), '17:27', 'infrastructure.scaling.min_replicas', /from 1 to 100/],
    [
      'fewer at most than at least',
      more('  scaling: {min_replicas: 3, max_replicas: 2}'),
      '17:44',
      'infrastructure.scaling.max_replicas',
      /at least `min_replicas`, which is 3/,
      '3',
    ],
    [
      'a CPU target above all',
      more('  scaling: {target_cpu_percent: 120}'),
      '17:33',
      'infrastructure.scaling.target_cpu_percent',
      /from 1 to 100/,
    ],
    [
      'a CPU target with a sign',
      more('  scaling: {target_cpu_percent: 70%}'),
      '17:33',
      'infrastructure.scaling.target_cpu_percent',
      /from 1 to 100/,
    ],
    [
      'a network target of nothing',
      more('  scaling: {target_network_mib_per_second: 0}'),
      '17:44',
      'infrastructure.scaling.target_network_mib_per_second',
      /must be a number/,
    ],
    [
      'kubernetes',
      more('  kubernetes: {podMetadata: {}}'),
      '17:15',
      'infrastructure.kubernetes',
      /`kubernetes` is not supported by this platform/,
    ],
    [
      'private connections',
      more('  private_connections: []'),
      '17:24',
      'infrastructure.private_connections',
      /`private_connections` is not supported/,
    ],
  ]);
});
