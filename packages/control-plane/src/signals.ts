// What parts of one process tell each other: routes changed, work waits, credentials changed.
import type { RouteChange } from './routes/route.ts';

/** Every signal with what it carries. */
export interface SignalMap {
  readonly routes: RouteChange;
  /** A look at the target found that this deployment does not serve now. */
  readonly unsettled: { readonly deploymentId: string };
  /** There is work for this deployment, or the work in hand was replaced. */
  readonly jobs: { readonly deploymentId: string };
  /** A key, user or agent changed. */
  readonly credentials: undefined;
}

/** Sends and hears signals. */
export interface Signals {
  send<Name extends keyof SignalMap>(name: Name, content: SignalMap[Name]): void;
  /** Returns how to stop hearing. */
  hear<Name extends keyof SignalMap>(name: Name, listener: (content: SignalMap[Name]) => void): () => void;
}

/** Signals of one control plane. Listeners run before `send` returns; one that throws does not stop the others. */
export function createSignals(onListenerError: (error: unknown) => void): Signals {
  const listeners = new Map<keyof SignalMap, Set<(content: never) => void>>();
  return {
    send(name, content) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          (listener as (given: typeof content) => void)(content);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    hear(name, listener) {
      const heard = listeners.get(name) ?? new Set();
      listeners.set(name, heard.add(listener));
      return () => void heard.delete(listener);
    },
  };
}
