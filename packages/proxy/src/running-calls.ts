// The calls that run now: each is begun here, and here it ends, however it does.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessRecord, RunningCall } from './access-record.ts';
import { Call } from './call.ts';
import { LiveList } from './live-list.ts';
import type { ProxyParts } from './parts.ts';
import { runningCall, toRecord } from './to-record.ts';

/** Milliseconds in which a caller may finish sending a body that nobody reads any more. */
const lingerMs = 2_000;
/** Milliseconds between two looks for calls that take too long over something. */
const lookMs = 1_000;

/** Keeps watch over calls. */
export interface RunningCalls {
  /** A new call. When its answer has ended or its caller has left, what runs upstream is cut and the call is reported. */
  begin(req: IncomingMessage, res: ServerResponse): Call;
  /** Calls that run, and how many of them are event streams. */
  count(): { readonly calls: number; readonly streams: number };
  /** Cuts the calls that match, and says how many. */
  cut(matches: (call: RunningCall) => boolean): number;
  /** Cuts the admitted calls that do not hold any more. */
  sweep(holds: (call: Call) => Promise<boolean>): Promise<void>;
  /** Waits until no call runs, at most so many milliseconds, and cuts the rest. */
  drain(graceMs: number): Promise<void>;
}

export function createRunningCalls(parts: ProxyParts, accessLog: ((record: AccessRecord) => void) | undefined): RunningCalls {
  const running = new LiveList<Call>();
  const { now } = parts.settings;
  let idle: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function end(call: Call): void {
    if (call.over) return;
    call.end();
    running.remove(call);
    if (running.size === 0) idle?.();
    discardBody(call.req);
    try {
      accessLog?.(toRecord(call, now()));
    } catch {
      // A log that fails must not take the server down.
    }
  }

  /** One timer for all, which outlives the last call by one look: a call sets no timers of its own. */
  function look(): void {
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    const time = now();
    for (const call of running.all()) call.checkTime(time);
  }

  function cut(matches: (call: RunningCall) => boolean): number {
    const matching = running.all().filter((call) => matches(runningCall(call)));
    matching.forEach(cutOne);
    return matching.length;
  }

  function cutOne(call: Call): void {
    call.outcome = 'cut';
    call.res.destroy();
    end(call);
  }

  return {
    cut,
    count: () => ({ calls: running.size, streams: running.all().filter(({ isEventStream }) => isEventStream).length }),
    async sweep(holds) {
      for (const call of running.all()) {
        if (call.admission !== undefined && !call.over && !(await holds(call)) && !call.over) cutOne(call);
      }
    },
    begin(req, res) {
      const call = new Call(req, res, parts);
      running.add(call);
      timer ??= setInterval(look, lookMs).unref();
      res.on('close', () => end(call));
      res.on('error', ignore);
      // A pipelined call has no connection of its own yet, so its answer would not hear of the caller leaving.
      if (res.socket === null) req.socket.setMaxListeners(0).once('close', () => end(call));
      return call;
    },
    async drain(graceMs) {
      if (running.size > 0 && graceMs > 0) await within(graceMs, new Promise<void>((resolve) => (idle = resolve)));
      cut(() => true);
    },
  };
}

/** Reads off what the caller still sends, so that the answer is not lost to a reset; not for ever. */
function discardBody(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  req.resume();
  setTimeout(() => req.complete || req.socket.destroy(), lingerMs).unref();
}

async function within(milliseconds: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([done, new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}

function ignore(): void {}
