// Reads the engine's stream of events: one JSON object a line, of bounded length.
import { StringDecoder } from 'node:string_decoder';

/** What is used of an event. @see https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemEvents */
export interface EngineEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Everything after which a container may be elsewhere, gone, back, another's successor, or of other health. */
export const watchedActions: readonly string[] = [
  'create',
  'start',
  'die',
  'stop',
  'oom',
  'pause',
  'unpause',
  'rename',
  'destroy',
  'health_status',
  'connect',
  'disconnect',
];

/** Whether an event is one of these. The engine takes its filter as beginnings of words; the word after a colon is detail. */
export function isWatched({ Action }: Pick<EngineEvent, 'Action'>): boolean {
  return watchedActions.includes(Action.split(':')[0] ?? '');
}

/** Labels count into an event, and a container may have many; what is longer is not an event. */
const longestLine = 4 * 1024 ** 2;

/** Events as they come; lines that are none are left out. Throws `RangeError` on a line without end. */
export async function* readEvents(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<EngineEvent, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new RangeError('The engine sent an event that does not end.');
    for (const line of lines) {
      const event = parsed(line);
      if (event !== undefined) yield event;
    }
  }
}

function parsed(line: string): EngineEvent | undefined {
  try {
    const { Type, Action, Actor } = JSON.parse(line) as Partial<EngineEvent>;
    if (typeof Type !== 'string' || typeof Action !== 'string') return undefined;
    return { Type, Action, Actor: { ID: Actor?.ID ?? '', Attributes: Actor?.Attributes ?? {} } };
  } catch {
    return undefined;
  }
}
