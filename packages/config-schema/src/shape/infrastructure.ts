// The shape of `infrastructure`: size, architecture, database, customer roles and copies.
import type { Complaint, NumberField, SectionField } from '../field.ts';
import { platformField } from './build.ts';
import { cpuOf, cpuValues, memoryOf, memoryValues } from './sizes.ts';

const replicas = (about: string, standard: string) =>
  ({ kind: 'number', whole: true, min: 1, max: 100, about, default: standard, example: 1 }) as const satisfies NumberField;

/** `infrastructure` of the file. */
export const infrastructureField = {
  kind: 'section',
  about: 'What the service runs on.',
  keys: {
    cpu: {
      kind: 'number',
      whole: true,
      // The pair is what decides, and says it better than a range would.
      min: 1,
      max: 1_000_000,
      expected: `one of ${cpuValues.join(', ')}`,
      among: cpuValues,
      repair: cpuOf,
      about: 'CPU units, 1024 to a vCPU. Only some values of `memory` go with each.',
      default: '256, where `memory` is left out too',
      example: 256,
    },
    memory: {
      kind: 'number',
      whole: true,
      min: 1,
      max: 1_000_000,
      expected: 'a whole number of MB, such as 512',
      among: memoryValues,
      repair: memoryOf,
      about: 'Memory in MB. Only some values go with each `cpu`: see the valid sizes.',
      default: '512, where `cpu` is left out too',
      example: 512,
    },
    platform: {
      ...platformField,
      about:
        'CPU architecture of the container. In build mode it must equal `build.platform` where both are given; in image mode it must be that of the image.',
      default: 'in build mode `build.platform`, else that of the image that is pushed; in image mode `x86`',
      example: 'arm',
    },
    enable_db: {
      kind: 'flag',
      about:
        'A DynamoDB table of its own, with the keys `pk` and `sk` and a time to live in `ttl`. The container finds it by `DB_TABLE_NAME` and `DB_TABLE_REGION`.',
      default: 'false',
      example: true,
    },
    aws: {
      kind: 'section',
      about: 'AWS only.',
      keys: {
        assume_roles: {
          kind: 'map',
          names: 'role',
          namePattern: '^[A-Za-z_][A-Za-z0-9_]*$',
          checkName: checkRoleName,
          about:
            'Roles in your own AWS accounts that the service may assume, by a name you choose. The container gets each ARN as `RUNLAYER_AWS_ROLE_<NAME>`, the name in upper case; it calls `sts:AssumeRole` with the deployment id as External ID.',
          default: 'none',
          example: { reports: 'arn:aws:iam::123456789012:role/reports-reader' },
          value: {
            kind: 'text',
            expected: 'the ARN of an IAM role, such as arn:aws:iam::123456789012:role/reports-reader',
            pattern: '^arn:aws(-cn|-us-gov)?:iam::[0-9]{12}:role/([!-~]+/)*[A-Za-z0-9+=,.@_-]{1,64}$',
            check: checkRoleArn,
            about: 'ARN of the role.',
          },
        },
      },
    },
    scaling: {
      kind: 'section',
      about: 'How many copies run. Works on AWS; elsewhere one copy runs.',
      default: 'one copy',
      keys: {
        min_replicas: replicas('Fewest copies.', '1'),
        max_replicas: replicas('Most copies.', '`min_replicas`'),
        target_cpu_percent: { kind: 'number', whole: false, min: 1, max: 100, about: 'Mean CPU use to aim for, percent.', example: 70 },
        target_network_mib_per_second: {
          kind: 'number',
          whole: false,
          min: 0.001,
          max: 100_000,
          about: 'Mean network traffic of one copy to aim for, MiB a second.',
          example: 20,
        },
      },
    },
    kubernetes: {
      kind: 'refused',
      about: 'Not supported.',
      message: '`kubernetes` is not supported by this platform.',
      hint: 'Remove it: deployments run on local Docker or on AWS Fargate.',
    },
    private_connections: {
      kind: 'refused',
      about: 'Not supported.',
      message: '`private_connections` is not supported by this platform.',
      hint: 'Remove it.',
    },
  },
} as const satisfies SectionField;

function checkRoleName(name: string): Complaint | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) return undefined;
  const suggestion = name.replace(/[^A-Za-z0-9_]/g, '_');
  return {
    message: 'is not a valid name of a role: it becomes part of a variable.',
    expected: 'at most 64 letters, digits and `_`, not beginning with a digit',
    suggestion: /[A-Za-z0-9]/.test(name) && /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(suggestion) ? suggestion : undefined,
  };
}

// IAM: a path of printable ASCII between slashes (512 characters at most), then a name of 64 characters at most.
// @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
const roleArn = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:role\/(?:[!-~]{1,511}\/)?[A-Za-z0-9+=,.@_-]{1,64}$/;

function checkRoleArn(value: string): Complaint | undefined {
  if (roleArn.test(value)) return undefined;
  const message = 'must be the ARN of an IAM role.';
  if (roleArn.test(value.trim())) return { message, suggestion: value.trim() };
  const parts = value.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) return { message };
  if (parts[2] === 'sts') return { message, hint: 'This is a session. Take the ARN of the role itself, from the IAM console.' };
  if (parts[2] !== 'iam') return { message, hint: "The third part of a role's ARN is `iam`: arn:aws:iam::…." };
  if (!/^\d{12}$/.test(parts[4] ?? '')) return { message, hint: 'The account number has 12 digits.' };
  return { message, hint: 'After the account number comes `role/` and the name of the role.' };
}
