// Decodes what BuildKit says of a running build: the message StatusResponse of its control API.
import { readFields } from './protobuf.ts';
import type { Field } from './protobuf.ts';

/** A step. BuildKit repeats it whenever something about it changes. Times are seconds since 1970. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly started: number | undefined;
  readonly completed: number | undefined;
  readonly error: string;
}

/** Bytes moved by a step. */
interface VertexStatus {
  readonly id: string;
  readonly name: string;
  readonly current: number;
  readonly total: number;
}

/** Bytes that a step printed; stream 2 is stderr. */
interface VertexLog {
  readonly vertex: string;
  readonly stream: number;
  readonly message: Uint8Array;
}

/** One message of the build's progress. */
export interface BuildKitStatus {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
  /** Short texts of the frontend's warnings. */
  readonly warnings: readonly string[];
}

/**
 * Decodes one message.
 * @throws {RangeError} when the bytes are not such a message.
 * @see https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
 */
export function decodeBuildKitStatus(bytes: Uint8Array): BuildKitStatus {
  const fields = readFields(bytes);
  return {
    vertexes: messages(fields, 1).map(vertexOf),
    statuses: messages(fields, 2).map(statusOf),
    logs: messages(fields, 3).map(logOf),
    warnings: messages(fields, 4).map((warning) => text(warning, 3)),
  };
}

function vertexOf(fields: readonly Field[]): Vertex {
  return {
    digest: text(fields, 1),
    name: text(fields, 3),
    cached: integer(fields, 4) !== 0,
    started: time(fields, 5),
    completed: time(fields, 6),
    error: text(fields, 7),
  };
}

function statusOf(fields: readonly Field[]): VertexStatus {
  return { id: text(fields, 1), name: text(fields, 3), current: integer(fields, 4), total: integer(fields, 5) };
}

function logOf(fields: readonly Field[]): VertexLog {
  return { vertex: text(fields, 1), stream: integer(fields, 3), message: bytesOf(fields, 4) };
}

function messages(fields: readonly Field[], number: number): Field[][] {
  return fields.flatMap((field) => (field.number === number && typeof field.value !== 'number' ? [readFields(field.value)] : []));
}

function bytesOf(fields: readonly Field[], number: number): Uint8Array {
  const value = fields.findLast((field) => field.number === number)?.value;
  return value === undefined || typeof value === 'number' ? new Uint8Array() : value;
}

function text(fields: readonly Field[], number: number): string {
  return Buffer.from(bytesOf(fields, number)).toString('utf8');
}

function integer(fields: readonly Field[], number: number): number {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === 'number' ? value : 0;
}

function time(fields: readonly Field[], number: number): number | undefined {
  if (!fields.some((field) => field.number === number)) return undefined;
  const timestamp = readFields(bytesOf(fields, number));
  return integer(timestamp, 1) + integer(timestamp, 2) / 1e9;
}
