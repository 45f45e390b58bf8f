// Whether a text is the ARN of a role; if not, each mistake in it, and the ARN that was meant.
import type { Finding } from '../finding.ts';
import { arnRules, reservedRule } from './arn-rules.ts';
import { parseRoleArn, type RoleArn } from './role-arn.ts';

/** What {@link checkRoleArn} says of a text. */
export interface CheckedArn {
  /** The parts, where the text is right as it stands. */
  readonly role?: RoleArn;
  /** Every mistake; empty where the text is right. */
  readonly findings: readonly Finding[];
  /** The ARN that was probably meant, where the mistakes leave no doubt of it. Always a right one. */
  readonly suggestion?: string;
}

/**
 * Finds what people mistype or mistake for the ARN of a role: blanks and quotes, a console page, a bare name, a session, a user, a region,
 * an account with dashes. Never throws; a text over 4096 characters is only called no ARN.
 *
 * @example
 * checkRoleArn('arn:aws:iam::1234-5678-9012:roles/reader').suggestion; // 'arn:aws:iam::123456789012:role/reader'
 */
export function checkRoleArn(text: string): CheckedArn {
  const role = parseRoleArn(text);
  const findings: Finding[] = [];
  let current = text.slice(0, 4096);
  for (const rule of role === undefined ? arnRules : [reservedRule]) {
    const fault = rule(current);
    if (fault === undefined) continue;
    const { repaired, ...told } = fault;
    findings.push({ severity: 'error', ...told });
    if (repaired === undefined) return { findings };
    current = repaired;
  }
  if (findings.length === 0 && role !== undefined) return { role, findings };
  if (findings.length === 0) return { findings: [{ severity: 'error', ...noShape }] };
  const meant = parseRoleArn(current);
  return meant === undefined ? { findings } : { findings, suggestion: meant.arn };
}

const noShape = {
  code: 'arn-shape',
  message: 'The text is not the ARN of a role.',
  fix: 'Copy the ARN from the page of the role in the IAM console: arn:aws:iam::<account>:role/<name>.',
} as const;
