// Reads a request's headers in one pass: what goes on to the upstream, and what the proxy itself must know.
import { fail } from './error-codes.ts';
import { foldHeaderName, requestHeaderKind } from './header-kind.ts';

/** A request's headers, sorted. */
export class RequestHead {
  /** Names and values in turn that go on whoever calls, in their order. */
  readonly passed: string[] = [];
  host: string | undefined = undefined;
  origin: string | undefined = undefined;
  authorization: string | undefined = undefined;
  /** How the caller spells it. */
  authorizationName = '';
  /** Whether `Authorization` was for this hop only. */
  isAuthorizationNominated = false;
  /** Value of `x-runlayer-api-key`. */
  apiKey: string | undefined = undefined;
  connection: string | undefined = undefined;
  upgrade: string | undefined = undefined;
  contentLength: string | undefined = undefined;
  isChunked = false;
  /** Whether `Accept` names event streams. */
  acceptsEvents = false;
  /** `Accept-Encoding` lines, names and values in turn. */
  acceptEncoding: string[] | undefined = undefined;
  /** `Cookie` lines, names and values in turn. */
  cookies: string[] | undefined = undefined;
  /** Names and values of headers that stand for another method. */
  overrides: string[] | undefined = undefined;
  sessionId: string | undefined = undefined;
  lastEventId: string | undefined = undefined;
  mcpMethod: string | undefined = undefined;
  mcpName: string | undefined = undefined;
  traceparent: string | undefined = undefined;

  /** Whether the request announces a body. */
  get hasBody(): boolean {
    return this.isChunked || (this.contentLength !== undefined && this.contentLength !== '0');
  }
}

/** @throws `ERR_PROXY_REQUEST` for two lines of a header of which whoever reads them may each believe another one, and for an unknown transfer coding */
export function readRequestHead(raw: readonly string[]): RequestHead {
  const head = new RequestHead();
  for (let index = 0; index + 1 < raw.length; index += 2) sortHeader(head, raw[index] as string, raw[index + 1] as string);
  if (head.connection !== undefined && head.connection !== 'keep-alive' && head.connection !== 'close') dropNominated(head);
  return head;
}

function sortHeader(head: RequestHead, name: string, value: string): void {
  switch (requestHeaderKind(name)) {
    case 'pass':
      head.passed.push(name, value);
      return;
    case 'drop':
      return;
    case 'host':
      head.host = once(head.host, value, name);
      return;
    case 'api-key':
      // Two keys are no key.
      head.apiKey = head.apiKey === undefined ? value : `${head.apiKey}, ${value}`;
      return;
    case 'authorization':
      head.authorization = once(head.authorization, value, name);
      head.authorizationName = name;
      return;
    case 'content-length':
      head.contentLength = once(head.contentLength, value, name);
      break;
    case 'transfer-encoding':
      if (value.toLowerCase() !== 'chunked') throw fail('ERR_PROXY_REQUEST', 'The body has a transfer coding other than chunked.');
      head.isChunked = true;
      return;
    case 'connection':
      head.connection = head.connection === undefined ? value : `${head.connection}, ${value}`;
      return;
    case 'upgrade':
      head.upgrade = value;
      return;
    case 'cookie':
      (head.cookies ??= []).push(name, value);
      return;
    case 'override':
      (head.overrides ??= []).push(name, value);
      return;
    case 'accept-encoding':
      (head.acceptEncoding ??= []).push(name, value);
      return;
    case 'origin':
      head.origin = once(head.origin, value, name);
      break;
    case 'accept':
      head.acceptsEvents ||= value.includes('text/event-stream');
      break;
    case 'session':
      head.sessionId = once(head.sessionId, value, name);
      break;
    case 'last-event':
      head.lastEventId = once(head.lastEventId, value, name);
      break;
    case 'mcp-method':
      head.mcpMethod = value;
      break;
    case 'mcp-name':
      head.mcpName = value;
      break;
    case 'trace':
      head.traceparent = value;
      break;
  }
  head.passed.push(name, value);
}

function once(before: string | undefined, value: string, name: string): string {
  if (before !== undefined) throw fail('ERR_PROXY_REQUEST', `The request has more than one ${name} header.`);
  return value;
}

/** `Connection` takes the headers that it names out of the message. @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
function dropNominated(head: RequestHead): void {
  const nominated = new Set((head.connection ?? '').split(',').map((name) => foldHeaderName(name.trim())));
  // Without its length the body would be read as another request.
  nominated.delete('content-length');
  const { passed } = head;
  let kept = 0;
  for (let index = 0; index + 1 < passed.length; index += 2) {
    if (nominated.has(foldHeaderName(passed[index] as string))) continue;
    passed[kept] = passed[index] as string;
    passed[kept + 1] = passed[index + 1] as string;
    kept += 2;
  }
  passed.length = kept;
  if (nominated.has('accept-encoding')) head.acceptEncoding = undefined;
  if (nominated.has('cookie')) head.cookies = undefined;
  head.isAuthorizationNominated = nominated.has('authorization');
  if (nominated.has('x-http-method-override') || nominated.has('x-http-method') || nominated.has('x-method-override'))
    head.overrides = undefined;
}
