// Writes BuildKit's progress messages, so that tests can state what an engine would send.

/** What a message should hold. */
export interface StatusContent {
  readonly vertexes?: readonly { digest: string; name: string; cached?: boolean; started?: number; completed?: number; error?: string }[];
  readonly statuses?: readonly { id: string; name: string; current: number; total: number }[];
  readonly logs?: readonly { vertex: string; stream: number; text: string }[];
  readonly warnings?: readonly string[];
}

/** The message in the wire format of protocol buffers. */
export function statusBytes({ vertexes = [], statuses = [], logs = [], warnings = [] }: StatusContent): Buffer {
  return Buffer.concat([
    ...vertexes.map((v) =>
      field(
        1,
        message(
          text(1, v.digest),
          text(3, v.name),
          number(4, v.cached === true ? 1 : 0),
          time(5, v.started),
          time(6, v.completed),
          text(7, v.error ?? ''),
        ),
      ),
    ),
    ...statuses.map((s) => field(2, message(text(1, s.id), text(3, s.name), number(4, s.current), number(5, s.total)))),
    ...logs.map((l) => field(3, message(text(1, l.vertex), number(3, l.stream), text(4, l.text)))),
    ...warnings.map((words) => field(4, text(3, words))),
  ]);
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

function field(id: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(id * 8 + 2), varint(bytes.length), bytes]);
}

function text(id: number, value: string): Buffer {
  return field(id, Buffer.from(value));
}

function number(id: number, value: number): Buffer {
  return Buffer.concat([varint(id * 8), varint(value)]);
}

function time(id: number, seconds: number | undefined): Buffer {
  if (seconds === undefined) return Buffer.alloc(0);
  return field(id, message(number(1, Math.floor(seconds)), number(2, Math.round((seconds % 1) * 1e9))));
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
  return Buffer.from(bytes);
}
