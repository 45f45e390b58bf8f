// What the commands say, as text: pure, so that every case can be read in a test.
import type { BootstrapPlan, BootstrapResource, BootstrapStep, NamedPolicy } from '@runlayer/aws-provisioner/bootstrap';

const words: Readonly<Record<BootstrapResource, string>> = {
  'service-linked-role': 'service-linked role',
  cluster: 'ECS cluster',
  'proxy-security-group': 'security group of the server',
  'permissions-boundary': 'permissions boundary',
  'image-repository': 'image repository',
  'push-role': 'role to push images',
};

const done = { create: 'created', change: 'changed', none: 'unchanged' } as const;

/** Where a plan is about: `account 111122223333, eu-central-1, environment default`. */
export function placeText({ account, region, environment }: Pick<BootstrapPlan, 'account' | 'region' | 'environment'>): string {
  return `account ${account}, ${region}, environment ${environment}`;
}

/** A line for each resource, what would happen first. */
export function planText(plan: BootstrapPlan): string {
  const rows = plan.steps.map((step) => [step.action === 'none' ? 'keep' : step.action, words[step.resource], step.name, detailsOf(step)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(
    (row) =>
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
  );
  return `What all deployments share, in ${placeText(plan)}:\n\n${lines.join('')}\n`;
}

function detailsOf({ details }: BootstrapStep): string {
  return details.join(', ');
}

/** How many steps do something, in words. */
export function countText(plan: BootstrapPlan): string {
  const count = (action: BootstrapStep['action']): number => plan.steps.filter((step) => step.action === action).length;
  const parts = [`${count('create')} to create`, `${count('change')} to change`];
  return isNothingToDo(plan) ? 'Nothing to do: everything is there and as it should be.' : `${parts.join(', ')}.`;
}

/** Whether an apply would change nothing. */
export function isNothingToDo({ steps }: BootstrapPlan): boolean {
  return steps.every(({ action }) => action === 'none');
}

/** One line of progress. */
export function stepText({ resource, name, action }: BootstrapStep): string {
  return `  ${done[action].padEnd(9)}  ${words[resource]} ${name}\n`;
}

/** Settings that are written down for the server. */
export type SettingLines = Readonly<Record<string, string>>;

/** Lines to paste into a file of variables. */
export function settingsText(settings: SettingLines): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  return `Settings of the server:\n\n${lines.join('')}\n`;
}

/** What is left to do by hand, which no setting can say. */
export function nextText(group: string, policies: readonly NamedPolicy[]): string {
  return `Run the server in the security group ${group}, in the same VPC, with a role that has the ${
    policies.length === 1 ? 'policy' : `${policies.length} policies`
  } ${policies.map(({ name }) => name).join(' and ')}.\n`;
}

/** The documents by name. */
export function policiesText(policies: readonly NamedPolicy[]): string {
  return `${JSON.stringify(Object.fromEntries(policies.map(({ name, document }) => [name, document])), null, 2)}\n`;
}

/** How to make of each file a policy. */
export function filesText(files: readonly { readonly name: string; readonly file: string }[]): string {
  return files.map(({ name, file }) => `aws iam create-policy --policy-name ${name} --policy-document file://${file}\n`).join('');
}
