// A worker's questions to the primary process, and the answers that come back.
import { fromProblem } from '@runlayer/errors';
import type { FromPrimary, FromWorker, Verb, Verbs } from './messages.ts';

/** Asks one verb. Rejects with its error when it failed there, when no answer came in time, or when too many wait. */
export type Ask = <Name extends Verb>(verb: Name, given: Verbs[Name]['given']) => Promise<Verbs[Name]['answer']>;

/** The worker's end of the line. */
export interface Line {
  readonly ask: Ask;
  /** To be given every answer. */
  heard(message: Extract<FromPrimary, { type: 'answer' }>): void;
}

const mostWaiting = 10_000;
const patienceMs = 15_000;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** @param send puts a message on the pipe */
export function createLine(send: (message: FromWorker) => void): Line {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  return {
    ask: (verb, given) =>
      new Promise((resolve, reject) => {
        if (waiting.size >= mostWaiting) return reject(new Error('Too many questions wait for the primary process.'));
        const id = (last += 1);
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error('The primary process did not answer.'));
        }, patienceMs).unref();
        waiting.set(id, { resolve, reject, timer });
        send({ type: 'ask', id, verb, given });
      }),
    heard({ id, failed, value, problem }) {
      const question = waiting.get(id);
      if (question === undefined) return;
      waiting.delete(id);
      clearTimeout(question.timer);
      if (failed)
        question.reject(problem === undefined ? new Error('The primary process could not tell.') : fromProblem(problem, problem.status));
      else question.resolve(value as never);
    },
  };
}
