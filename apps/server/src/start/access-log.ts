// One log line for each call through the proxy: ids and numbers, no header, query, path or e-mail.
import type { AccessRecord } from '@runlayer/proxy';
import type { Log } from '../http/logger.ts';

/** Receives the calls that have ended and logs a line for each. */
export function createAccessLog(log: Pick<Log, 'line'>): (record: AccessRecord) => void {
  return (record) => log.line(callLine(record));
}

/**
 * The line of a call, with its end. Put together by hand: a call costs some 40 µs in all, and making JSON of an object takes a tenth
 * of that. What a caller or a server chose goes through {@link textField}.
 */
export function callLine(record: AccessRecord): string {
  const { kind, mcp, firstByteMs, outcome } = record;
  return `{"level":"info","time":"${isoTime(Math.round(record.startedAt + record.durationMs))}","msg":"call","requestId":"${record.requestId}"${textField(
    'traceId',
    record.traceId,
  )},"kind":"${kind}"${textField('routeId', record.routeId)}${textField('organizationId', record.organizationId)}${callerField(record.subject)}${textField(
    'method',
    record.method,
  )}${mcp === undefined ? '' : mcpFields(mcp)},"status":${record.status},"bytesIn":${record.bytesReceived},"bytesOut":${record.bytesSent}${
    firstByteMs === undefined ? '' : `,"firstByteMs":${tenths(firstByteMs)}`
  },"ms":${tenths(record.durationMs)},"outcome":"${outcome}"${textField('code', record.code)}}\n`;
}

/** Ids only: a name or an e-mail is looked up where they are kept. */
function callerField(subject: AccessRecord['subject']): string {
  if (subject === undefined) return '';
  const user = 'userId' in subject ? textField('userId', subject.userId) : '';
  const agent = 'agentId' in subject ? textField('agentId', subject.agentId) : '';
  return `,"caller":{"type":"${subject.subjectType}"${user}${agent}}`;
}

function mcpFields({ method, name, batch, source }: NonNullable<AccessRecord['mcp']>): string {
  return `${textField('mcpMethod', method)}${textField('mcpName', name)}${batch ? ',"mcpBatch":true' : ''}${source === 'headers' ? ',"mcpSource":"headers"' : ''}`;
}

/** At most 128 characters of a text; nothing for none. */
function textField(name: string, value: string | undefined): string {
  if (value === undefined || value === '') return '';
  return isPlain(value) ? `,"${name}":"${value}"` : `,"${name}":${JSON.stringify(value.slice(0, 128))}`;
}

/** Whether a text is short, and the same in JSON. */
function isPlain(text: string): boolean {
  if (text.length > 128) return false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

/** Tenths of a millisecond are as much as a clock can tell. */
function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

let last = { at: 0, text: '' };

/** Many calls end in the same millisecond. */
function isoTime(at: number): string {
  if (last.at !== at) last = { at, text: new Date(at).toISOString() };
  return last.text;
}
