// Who calls: the deployment whose key signed the request, or why nobody is believed to have.
import { accessKeyOf, deploymentOf } from './access-keys.ts';
import { Refusal } from './refusal.ts';
import { isSameSignature, sha256, type SignedRequest, signatureOf } from './signature.ts';

/** How far the time of a signature may be from ours, milliseconds. */
const skewMs = 300_000;

/** What signatures are checked against. */
export interface Verification {
  readonly secret: Uint8Array;
  readonly region: string;
  readonly now: Date;
}

interface Authorization {
  readonly accessKeyId: string;
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** What the headers alone claim: read before the body is taken in, so that nobody without a key of ours has one read. */
export interface Claim {
  readonly deploymentId: string;
  readonly authorization: Authorization;
  readonly amzDate: string;
}

/**
 * Reads and checks all of the headers but the signature itself.
 *
 * @throws {Refusal} As DynamoDB would: a missing or incomplete signature, an unknown key, another region, an old date, an unsigned payload.
 */
export function claimOf(headers: SignedRequest['headers'], { region, now }: Omit<Verification, 'secret'>): Claim {
  const authorization = parseAuthorization(only(headers, 'authorization'));
  const { accessKeyId, scope, signedHeaders } = authorization;
  const amzDate = only(headers, 'x-amz-date') ?? '';
  checkDate(amzDate, now);
  checkScope(scope, amzDate, region);
  // The three that give a request its meaning; a body is signed by its hash.
  for (const name of ['host', 'x-amz-date', 'x-amz-target']) {
    if (only(headers, name) === undefined || !signedHeaders.includes(name))
      throw new Refusal('InvalidSignatureException', `'${name}' must be sent once, and be a 'SignedHeader' in the AWS Authorization.`);
  }
  const deploymentId = deploymentOf(accessKeyId);
  // A session token would be that of other credentials.
  if (deploymentId === undefined || headers['x-amz-security-token'] !== undefined) throw unknownKey();
  return { deploymentId, authorization, amzDate };
}

/**
 * Checks that whoever holds the deployment's secret signed exactly this.
 *
 * @throws {Refusal} `InvalidSignatureException` when not.
 */
export function checkSignature({ deploymentId, authorization, amzDate }: Claim, request: SignedRequest, secret: Uint8Array): void {
  const { signedHeaders, signature, scope } = authorization;
  const [date = '', region = '', service = ''] = scope;
  const declared = request.headers['x-amz-content-sha256'];
  if (declared !== undefined && (declared.length !== 1 || declared[0] !== sha256(request.body)))
    throw new Refusal('InvalidSignatureException', 'The payload has to be signed: x-amz-content-sha256 is not the hash of the body.');
  const { secretAccessKey } = accessKeyOf(secret, deploymentId);
  const expected = signatureOf(request, signedHeaders, amzDate, { date, region, service }, secretAccessKey);
  if (!isSameSignature(expected, signature))
    throw new Refusal(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
}

function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined) throw new Refusal('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  const [algorithm, rest = ''] = header.trim().split(/\s+(.*)/s);
  if (algorithm !== 'AWS4-HMAC-SHA256') throw incomplete(`Unsupported AWS 'algorithm': only AWS4-HMAC-SHA256 is.`);
  const parts = rest.split(',').map((part) => /^\s*(\w+)=(\S+)\s*$/.exec(part)?.slice(1) ?? []);
  const named = (name: string): string => {
    const [value, ...others] = parts.filter(([key]) => key === name).map(([, text]) => text);
    if (value === undefined || others.length > 0) throw incomplete(`Authorization header requires '${name}' parameter, once.`);
    return value;
  };
  const [accessKeyId = '', ...scope] = named('Credential').split('/');
  const signedHeaders = named('SignedHeaders').split(';');
  if (scope.length !== 4) throw incomplete('Credential must have exactly 5 slash-delimited elements.');
  if (signedHeaders.some((name, at) => at > 0 && name <= (signedHeaders[at - 1] ?? '')))
    throw incomplete('SignedHeaders must be sorted, each once.');
  return { accessKeyId, scope, signedHeaders, signature: named('Signature') };
}

function checkDate(amzDate: string, now: Date): void {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time)) throw incomplete("Date must be in ISO-8601 'basic format', in the header X-Amz-Date.");
  if (Math.abs(time - now.getTime()) > skewMs)
    throw new Refusal(
      'InvalidSignatureException',
      time < now.getTime() ? 'Signature expired: it is older than 5 min.' : 'Signature not yet current: it is more than 5 min. ahead.',
    );
}

function checkScope([date, region, service, terminator]: readonly string[], amzDate: string, wanted: string): void {
  const faults = [
    region === wanted ? '' : `Credential should be scoped to a valid region, not another than '${wanted}'.`,
    service === 'dynamodb' ? '' : "Credential should be scoped to correct service: 'dynamodb'.",
    terminator === 'aws4_request' ? '' : "Credential should be scoped with a valid terminator: 'aws4_request'.",
    date === amzDate.slice(0, 8) ? '' : 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
  ].filter((fault) => fault !== '');
  if (faults.length > 0) throw new Refusal('InvalidSignatureException', faults.join(' '));
}

/** The one value of a header; nothing where it is missing or there are several. */
function only(headers: SignedRequest['headers'], name: string): string | undefined {
  const values = headers[name];
  return values?.length === 1 ? values[0] : undefined;
}

function incomplete(message: string): Refusal {
  return new Refusal('IncompleteSignatureException', message);
}

function unknownKey(): Refusal {
  return new Refusal('UnrecognizedClientException', 'The security token included in the request is invalid.');
}
