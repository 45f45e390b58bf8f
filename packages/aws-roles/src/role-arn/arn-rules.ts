// The mistakes in an ARN, one rule each, in the order in which they are looked for: each sees what the rules before it repaired.
import type { FindingCode } from '../finding.ts';
import { partitions } from './role-arn.ts';

/** A mistake. Without `repaired` it cannot be told what was meant, and looking further makes no sense. */
export interface ArnFault {
  readonly code: FindingCode;
  readonly message: string;
  readonly fix: string;
  readonly repaired?: string;
}

type Rule = (text: string) => ArnFault | undefined;

const copyIt = 'Copy the ARN from the page of the role in the IAM console: arn:aws:iam::<account>:role/<name>.';
const around = /^["'`<([]+|["'`>)\],;]+$/g;

const characters: Rule = (text) => {
  const repaired = text.replaceAll(/[\s\u200B-\u200F\u2060\u00AD]/g, '').replaceAll(around, '');
  if (repaired === text) return undefined;
  return {
    code: 'arn-characters',
    message: 'There are blanks, quotes or invisible characters in the ARN.',
    fix: 'Remove them.',
    repaired,
  };
};

const missing: Rule = (text) =>
  text === '' ? { code: 'arn-missing', message: 'There is no ARN.', fix: 'Give the ARN of the role.' } : undefined;

const webAddress: Rule = (text) => {
  if (!/^https?:/i.test(text)) return undefined;
  const account = /[?&]account=(\d{12})(?:&|$)/.exec(text)?.[1];
  const name = /[?&]roleName=([\w+=,.@-]+)|roles\/(?:details\/)?([\w+=,.@-]+)/.exec(text)?.slice(1).find(Boolean);
  const known = account === undefined || name === undefined ? {} : { repaired: `arn:aws:iam::${account}:role/${name}` };
  return { code: 'arn-web-address', message: 'This is the address of a page, not the ARN that the page shows.', fix: copyIt, ...known };
};

const prefix: Rule = (text) => {
  if (text.startsWith('arn:')) return undefined;
  if (/^arn:/i.test(text)) {
    const repaired = text.replace(/^[^:]*:[^:]*:[^:]*/, (head) => head.toLowerCase());
    return { code: 'arn-shape', message: 'An ARN begins with `arn:`, in small letters.', fix: 'Write it in small letters.', repaired };
  }
  const tail = /^(?:aws:)?(iam::.*)$/.exec(text)?.[1];
  if (tail !== undefined) {
    return { code: 'arn-shape', message: 'The beginning of the ARN is missing.', fix: copyIt, repaired: `arn:aws:${tail}` };
  }
  if (!text.includes(':')) return { code: 'arn-name-only', message: 'This is a name. The ARN says the account too.', fix: copyIt };
  return { code: 'arn-shape', message: 'An ARN begins with `arn:`.', fix: copyIt };
};

/** Colons: one too few or one too many before the account, a slash or a colon in place of the other. */
const colons: Rule = (text) => {
  const repaired = text
    .replace(/^(arn:[^:]*:iam):(?=[\d-]+[:/])/, '$1::')
    .replace(/^(arn:[^:]*:iam)::{2,}/, '$1::')
    .replace(/^(arn:[^:]*:iam::[\d-]+)\/:?role/, '$1:role')
    .replace(/^(arn:[^:]*:(?:iam|sts):[^:]*:[^:]*:[a-z-]+):/i, '$1/');
  if (repaired !== text) {
    return { code: 'arn-shape', message: 'Colons and slashes of the ARN are not where they belong.', fix: copyIt, repaired };
  }
  if (text.split(':').length >= 6) return undefined;
  return { code: 'arn-shape', message: 'Parts of the ARN are missing: it has six, with colons between them.', fix: copyIt };
};

const partition: Rule = (text) => {
  const given = part(text, 1);
  if (partitions.includes(given)) return undefined;
  const meant = /gov/i.test(given) ? 'aws-us-gov' : /c(hi)?n/i.test(given) ? 'aws-cn' : 'aws';
  return {
    code: 'arn-partition',
    message: `The second part of the ARN is "${given}"; it is \`aws\`, or \`aws-cn\` or \`aws-us-gov\` in those partitions.`,
    fix: `Write \`${meant}\`.`,
    repaired: withPart(text, 1, meant),
  };
};

const service: Rule = (text) => {
  const given = part(text, 2);
  const resource = part(text, 5);
  const session = /^assumed-role\/([\w+=,.@-]+)(?:\/|$)/.exec(resource)?.[1];
  if (session !== undefined) {
    return {
      code: 'arn-session',
      message: `This is a session of the role ${session}, not the role.`,
      fix: `Take the ARN of the role itself; mind that it may have a path before its name.`,
      repaired: withPart(withPart(text, 2, 'iam'), 5, `role/${session}`),
    };
  }
  if (given === 'iam') return undefined;
  const known = resource.startsWith('role/') ? { repaired: withPart(text, 2, 'iam') } : {};
  return { code: 'arn-service', message: `The third part of a role's ARN is \`iam\`, not "${given}".`, fix: copyIt, ...known };
};

const region: Rule = (text) => {
  const given = part(text, 3);
  if (given === '') return undefined;
  return {
    code: 'arn-region',
    message: `Roles belong to no region, so their ARN names none; this one says "${given}".`,
    fix: 'Leave it out: two colons follow `iam`.',
    repaired: withPart(text, 3, ''),
  };
};

const account: Rule = (text) => {
  const given = part(text, 4);
  if (/^\d{12}$/.test(given)) return undefined;
  const digits = given.replaceAll('-', '');
  const isShort = /^\d{9,11}$/.test(digits);
  const cause = isShort ? ' Spreadsheets and YAML drop the zeros that a number begins with.' : '';
  const known = /^\d{12}$/.test(digits) ? { repaired: withPart(text, 4, digits) } : {};
  return {
    code: 'arn-account',
    message: `The account of the ARN is "${given}"; an account has 12 digits and nothing else.${cause}`,
    fix: 'Write the 12 digits, without dashes.',
    ...known,
  };
};

const kinds: Readonly<Record<string, string>> = {
  user: 'a user',
  group: 'a group',
  policy: 'a policy',
  root: 'a whole account',
  'instance-profile': 'an instance profile',
  'saml-provider': 'an identity provider',
  'oidc-provider': 'an identity provider',
};

const kind: Rule = (text) => {
  const resource = part(text, 5);
  if (resource.startsWith('role/')) return undefined;
  const meant = /^\/?(?:roles?)\/(.+)$/i.exec(resource)?.[1] ?? /^instance-profile\/(.+)$/.exec(resource)?.[1];
  const given = resource.split('/', 1)[0] ?? '';
  const known = meant === undefined ? {} : { repaired: withPart(text, 5, `role/${meant}`) };
  const message = `This is ${kinds[given] ?? `"${given}"`}; the ARN of a role has \`role/\` after the account.`;
  return { code: 'arn-not-a-role', message, fix: 'Take the ARN of a role: only roles can be assumed.', ...known };
};

const name: Rule = (text) => {
  const resource = part(text, 5).slice('role/'.length);
  const own = resource.slice(resource.lastIndexOf('/') + 1);
  if (/^[\w+=,.@-]{1,64}$/.test(own) && !resource.startsWith('/') && /^[!-~]{1,576}$/.test(resource)) return undefined;
  const slashless = resource.replaceAll(/^\/+|\/+$/g, '');
  const known = slashless === resource || slashless === '' ? {} : { repaired: withPart(text, 5, `role/${slashless}`) };
  return {
    code: 'arn-name',
    message: `The name of the role is not valid: "${own.slice(0, 80)}".`,
    fix: 'A name has 1 to 64 letters, digits and characters of `+=,.@_-`, and no slash behind it.',
    ...known,
  };
};

/** Roles that AWS keeps: the only mistake that a well-formed ARN can have. */
export const reservedRule: Rule = (text) => {
  const path = /^role\/(aws-service-role|aws-reserved)\//.exec(part(text, 5))?.[1];
  if (path === undefined) return undefined;
  const whose = path === 'aws-reserved' ? 'IAM Identity Center' : 'an AWS service';
  return {
    code: 'arn-reserved',
    message: `The role belongs to ${whose}: nobody can change its trust policy.`,
    fix: 'Make a role of your own, and give it the permissions that the connector needs.',
  };
};

/** The sixth part is the rest. */
function part(text: string, index: number): string {
  const parts = text.split(':');
  return index < 5 ? (parts[index] ?? '') : parts.slice(5).join(':');
}

function withPart(text: string, index: number, value: string): string {
  const parts = [0, 1, 2, 3, 4, 5].map((at) => part(text, at));
  parts[index] = value;
  return parts.join(':');
}

/** All rules, in order. */
export const arnRules: readonly Rule[] = [
  characters,
  missing,
  webAddress,
  prefix,
  colons,
  partition,
  service,
  region,
  account,
  kind,
  name,
  reservedRule,
];
