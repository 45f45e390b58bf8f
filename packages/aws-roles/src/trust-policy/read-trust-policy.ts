// Reads a trust policy as IAM gives it out or as people keep it: percent-encoded or plain, lists or single values.
import type { Condition, Principals, TrustStatement } from './statement.ts';

/** Either the statements, or why there are none to speak of. */
export type ReadPolicy = { readonly statements: readonly TrustStatement[] } | { readonly fault: string };

// IAM takes 2048 characters, 4096 where the quota was raised; encoded they are up to three times as many.
// @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const maxCharacters = 16_384;
const elements = new Set(['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition']);

class Fault extends Error {}

/** Takes text or what `JSON.parse` made of it, also wrapped as `iam:GetRole` answers. Never throws. */
export function readTrustPolicy(document: unknown): ReadPolicy {
  try {
    const policy = unwrapped(typeof document === 'string' ? parsed(document) : document);
    const { Statement } = asRecord(policy, 'The policy');
    const list = Array.isArray(Statement) ? (Statement as unknown[]) : [Statement];
    return { statements: list.map((given, index) => statementFrom(given, index + 1)) };
  } catch (error) {
    return { fault: error instanceof Fault ? error.message : 'The policy cannot be read.' };
  }
}

function parsed(text: string): unknown {
  if (text.length > maxCharacters) throw new Fault('The policy is longer than IAM takes.');
  const trimmed = text.trim();
  try {
    return JSON.parse(trimmed.startsWith('%7B') || trimmed.startsWith('%7b') ? decodeURIComponent(trimmed) : trimmed);
  } catch {
    throw new Fault('The policy is not JSON.');
  }
}

function unwrapped(value: unknown): unknown {
  const { Role, AssumeRolePolicyDocument } = asRecord(value, 'The policy');
  if (Role !== undefined) return unwrapped(Role);
  if (AssumeRolePolicyDocument === undefined) return value;
  return typeof AssumeRolePolicyDocument === 'string' ? parsed(AssumeRolePolicyDocument) : AssumeRolePolicyDocument;
}

function statementFrom(value: unknown, position: number): TrustStatement {
  const what = `Statement ${position}`;
  const given = asRecord(value, what);
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Condition } = given;
  const odd = Object.keys(given).find((element) => !elements.has(element));
  if (odd !== undefined) throw new Fault(`${what} has the element "${odd}", which a trust policy cannot have.`);
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new Fault(`${what} has no Effect: it is "Allow" or "Deny".`);
  if ((Principal === undefined) === (NotPrincipal === undefined)) throw new Fault(`${what} has to have a Principal.`);
  if ((Action === undefined) === (NotAction === undefined)) throw new Fault(`${what} has to have an Action.`);
  return {
    position,
    sid: typeof Sid === 'string' ? Sid : undefined,
    effect: Effect,
    principals: principalsFrom(Principal ?? NotPrincipal, what),
    isNotPrincipal: NotPrincipal !== undefined,
    actions: texts(Action ?? NotAction, `The Action of ${what.toLowerCase()}`),
    isNotAction: NotAction !== undefined,
    conditions: Condition === undefined ? [] : conditionsFrom(Condition, what),
  };
}

function principalsFrom(value: unknown, what: string): Principals {
  if (value === '*') return { aws: ['*'], others: [] };
  const kinds = Object.entries(asRecord(value, `The Principal of ${what.toLowerCase()}`)).map(
    ([kind, names]) => [kind, texts(names, `The Principal of ${what.toLowerCase()}`)] as const,
  );
  return {
    aws: kinds.flatMap(([kind, names]) => (kind === 'AWS' ? names : [])),
    others: kinds.flatMap(([kind, names]) => (kind === 'AWS' ? [] : names.map((name) => `${kind}: ${name}`))),
  };
}

function conditionsFrom(value: unknown, what: string): Condition[] {
  const whose = `The Condition of ${what.toLowerCase()}`;
  return Object.entries(asRecord(value, whose)).flatMap(([operator, keys]) =>
    Object.entries(asRecord(keys, whose)).map(([key, values]) => ({ operator, key, values: texts(values, whose) })),
  );
}

/** One value or a list of them. IAM takes numbers and truth values for their text. */
function texts(value: unknown, what: string): string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') throw new Fault(`${what} is not text.`);
    return String(item);
  });
}

function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault(`${what} is not a JSON object.`);
  return value as Record<string, unknown>;
}
