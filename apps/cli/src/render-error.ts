// An error for people, and the same for programs.
import { formatIssue, type Issue, type RunlayerError } from '@runlayer/errors';

/** What a program is told about an error. */
export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly docs?: string | undefined;
  readonly issues?: readonly Issue[] | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** Message, every issue with its place, what to do, where to read more; the stack only when asked for. */
export function errorText(error: unknown, options: { readonly debug: boolean }): string {
  const known = asKnown(error);
  const message = known?.message ?? (error instanceof Error ? error.message : String(error));
  const lines = [`error: ${message}`];
  if (known !== undefined) lines.push(...issueLines(known));
  const hint = known === undefined ? undefined : hintOf(known);
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  if (known !== undefined) lines.push(`  more: ${known.docs}`);
  if (known === undefined && !options.debug)
    lines.push('  hint: This is a fault of the command. Run it again with --debug and report what it prints.');
  if (options.debug) lines.push(stackOf(error));
  return lines.join('\n');
}

/** The error as plain data. */
export function errorRecord(error: unknown): ErrorRecord {
  const known = asKnown(error);
  if (known === undefined) return { code: 'ERR_INTERNAL', message: error instanceof Error ? error.message : String(error) };
  const { code, message, docs, issues, data } = known;
  return { code, message, hint: hintOf(known), docs, issues: issues.length === 0 ? undefined : issues, data };
}

function asKnown(error: unknown): RunlayerError | undefined {
  const candidate = error as Partial<RunlayerError> | null;
  return candidate instanceof Error && candidate.code?.startsWith('ERR_') === true && Array.isArray(candidate.issues)
    ? (candidate as RunlayerError)
    : undefined;
}

/** A server that knows no command speaks of headers; here the key comes from elsewhere. */
function hintOf({ status, hint, data }: RunlayerError): string | undefined {
  const isServers = data?.['request'] !== undefined;
  return isServers && status === 401 ? 'Check --secret or RUNLAYER_API_KEY, or log in again with `runlayer login`.' : hint;
}

/** The server may have put the issues into the message already. */
function issueLines({ message, issues, data }: RunlayerError): string[] {
  if (issues.every((issue) => message.includes(issue.message))) return [];
  const file = typeof data?.['file'] === 'string' ? data['file'] : undefined;
  return issues.flatMap((issue) => [formatIssue(issue, file), ...details(issue)]);
}

function details({ found, expected, suggestion }: Issue): string[] {
  const parts = [
    ['found', found],
    ['expected', expected],
    ['nearest', suggestion],
  ] as const;
  return parts.filter(([, text]) => text !== undefined).map(([label, text]) => `    ${label}: ${text}`);
}

function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let at = error; at instanceof Error && stacks.length < 5; at = at.cause) stacks.push(at.stack ?? at.message);
  return stacks.join('\ncaused by: ');
}
