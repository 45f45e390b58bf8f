// A diagnosis in words of a person.
import type { Finding, RoleDiagnosis } from '@runlayer/aws-roles';

const labels = { error: 'error', doubt: 'unknown', warning: 'warning', note: 'note' } as const;

/** The role, what was found about it, and what to do. */
export function diagnosisText(name: string, { roleArn, status, from, findings }: RoleDiagnosis): string {
  const head = name === roleArn ? roleArn : `${name}  ${roleArn}`;
  const good = status === 'ok' ? [`  ok: ${from === 'deployment' ? assumed : trusted}`] : [];
  return [head, ...good, ...findings.flatMap(findingLines)].join('\n');
}

const assumed = 'assumed with the deployment id as External ID; refused without it and with another.';
const trusted = 'its trust policy lets in the task role with the deployment id as External ID.';

function findingLines({ severity, code, message, fix }: Finding): string[] {
  const lines = [`  ${labels[severity]}: ${message} (${code})`];
  return fix === undefined ? lines : [...lines, `    fix: ${fix}`];
}
