// The tables of permissions against the source: a call that comes or goes must come or go in them.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { callsIn } from '../../../fixtures/source-calls.ts';
import { bootstrapCalls, bootstrapRules } from './bootstrap-calls.ts';
import type { CallTable } from './grants.ts';
import { serverCalls } from './server-calls.ts';
import { computeRules, dataRules } from './server-rules.ts';

const source = fileURLToPath(new URL('../..', import.meta.url));
/** What the bootstrap uses of the rest of the package makes these. */
const shared = ['ec2.DescribeSubnets', 'iam.GetRole', 'iam.GetRolePolicy', 'iam.ListRolePolicies', 'sts.GetCallerIdentity'];

const prefixes: Readonly<Record<string, string>> = {
  'application-auto-scaling': 'application-autoscaling',
  'cloudwatch-logs': 'logs',
  'secrets-manager': 'secretsmanager',
};

it('knows every call that the package makes, and no other', () => {
  expect(Object.keys(serverCalls).sort()).toEqual(callsIn(source, (file) => file.startsWith('bootstrap/')));
});

it('knows every call that the bootstrap makes, and no other', () => {
  const made = [...new Set([...callsIn(`${source}/bootstrap`), ...shared])].sort();
  expect(Object.keys(bootstrapCalls).sort()).toEqual(made);
});

describe.each<[string, CallTable<string>, readonly string[]]>([
  ['the server', serverCalls, [...Object.keys(computeRules), ...Object.keys(dataRules)]],
  ['the bootstrap', bootstrapCalls, Object.keys(bootstrapRules)],
])('the table of %s', (_name, calls, rules) => {
  it('grants each call the action of its own name', () => {
    for (const [call, grants] of Object.entries(calls)) {
      const [client = '', operation = ''] = call.split('.');
      const actions = grants.flatMap((grant) => grant.actions);
      if (call !== 'sts.GetCallerIdentity') expect(actions).toContain(`${prefixes[client] ?? client}:${operation}`);
    }
  });

  it('uses every rule, and each in one statement only', () => {
    const used = Object.values(calls).flatMap((grants) => grants.map(({ rule }) => rule));
    expect([...new Set(used)].sort()).toEqual([...rules].sort());
    expect(new Set(rules).size).toBe(rules.length);
  });
});
