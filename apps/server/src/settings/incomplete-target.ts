// What the chosen target lacks, and what was set for the other one.
import type { Issue } from '@runlayer/errors';
import { type GivenSettings, type SettingName, settingsTable } from './table.ts';

const neededOnAws = ['awsRegion', 'awsVpc', 'awsSubnets', 'awsProxySecurityGroup'] as const satisfies readonly SettingName[];
const ofDockerOnly = [
  'registryUrl',
  'registryRepository',
  'registryUsername',
  'registryPassword',
  'tablesEndpoint',
] as const satisfies readonly SettingName[];

/** Faults of the settings as a whole. @param faulty names that a fault is known of already */
export function incompleteTarget(given: GivenSettings, faulty: ReadonlySet<string | undefined>): Issue[] {
  if (given.target !== 'aws') return [];
  const missing = neededOnAws.filter((name) => given[name] === undefined && !faulty.has(settingsTable[name].env));
  const foreign = ofDockerOnly.filter((name) => given[name] !== undefined);
  return [
    ...missing.map((name) => ({
      path: settingsTable[name].env,
      message: `is missing, and the target aws needs it; \`runlayer-server aws bootstrap\` prints it.`,
    })),
    ...foreign.map((name) => ({
      path: settingsTable[name].env,
      message: 'is for the target docker; on aws ECR and DynamoDB take its place.',
    })),
  ];
}
