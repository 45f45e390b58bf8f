// Spares callers the wait for an instance that does not answer, and the instance the crowd at its door.

/** Bounds of {@link createCircuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Failures in a row that open a circuit. Default 5; 0 never opens one. */
  readonly failures?: number | undefined;
  /** Milliseconds that a circuit is open the first time. Default 1,000. Each failed trial doubles them. */
  readonly firstOpenMs?: number | undefined;
  /** The most they grow to. Default 30,000. */
  readonly longestOpenMs?: number | undefined;
  /** Milliseconds in which a trial must have failed to count as failed: longer than a connection may take. Default 6,000. */
  readonly trialMs?: number | undefined;
  /** Instances remembered; the one that first failed longest ago is forgotten for a new one. Default 10,000. */
  readonly instances?: number | undefined;
}

/** What stands where. */
export interface CircuitCounts {
  /** Instances that get no calls now. */
  readonly open: number;
  /** Failures that were told, ever. */
  readonly failures: number;
}

/** One circuit for each instance, by its name. */
export interface CircuitBreaker {
  /** Whether a call may be sent. Of an instance that was down, one at a time may: ask only if the call is then sent. */
  allows(instance: string): boolean;
  /** Tells that no connection came about. Not for one that broke before an answer: a caller can bring that about, and must not close the door to others. */
  failed(instance: string, cause?: Error): void;
  /** Tells that an answer has begun. */
  succeeded(instance: string): void;
  /** Milliseconds until a call may be sent; 0 when one may now. */
  retryAfterMs(instance: string): number;
  /** What failed last; `undefined` when nothing did since the last success. */
  lastCause(instance: string): Error | undefined;
  counts(): CircuitCounts;
}

/** An instance that failed last. Those that work have no entry. */
interface Circuit {
  failures: number;
  openMs: number;
  /** When it lets a trial in; 0 while it is closed. */
  openUntil: number;
  /** When the trial that runs has lasted too long to have failed; 0 without one. */
  trialUntil: number;
  cause: Error | undefined;
}

/**
 * After some failures in a row an instance gets no calls for a second, then one as a trial. A trial that fails doubles the time; an
 * answer to any call closes the circuit. So does a trial that has connected and takes its time: a tool may think for long.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { now, failures: most = 5, firstOpenMs = 1_000, longestOpenMs = 30_000, trialMs = 6_000, instances = 10_000 } = options;
  const circuits = new Map<string, Circuit>();
  let failures = 0;

  function circuitOf(instance: string): Circuit {
    const known = circuits.get(instance);
    if (known !== undefined) return known;
    if (circuits.size >= instances) circuits.delete(circuits.keys().next().value as string);
    const circuit: Circuit = { failures: 0, openMs: 0, openUntil: 0, trialUntil: 0, cause: undefined };
    circuits.set(instance, circuit);
    return circuit;
  }

  function isOpen({ openUntil, trialUntil }: Circuit): boolean {
    return Math.max(openUntil, trialUntil) > now();
  }

  return {
    allows(instance) {
      const circuit = circuits.size === 0 ? undefined : circuits.get(instance);
      if (circuit === undefined || circuit.openUntil === 0) return true;
      if (isOpen(circuit)) return false;
      if (circuit.trialUntil === 0) circuit.trialUntil = now() + trialMs;
      return true;
    },
    failed(instance, cause) {
      failures += 1;
      const circuit = circuitOf(instance);
      circuit.failures += 1;
      circuit.cause = cause;
      // Calls that were under way when it opened say nothing new.
      if (most === 0 || circuit.failures < most || circuit.openUntil > now()) return;
      circuit.openMs = circuit.openMs === 0 ? firstOpenMs : Math.min(2 * circuit.openMs, longestOpenMs);
      circuit.openUntil = now() + circuit.openMs;
      circuit.trialUntil = 0;
    },
    succeeded(instance) {
      if (circuits.size > 0) circuits.delete(instance);
    },
    retryAfterMs: (instance) => {
      const { openUntil, trialUntil } = circuits.get(instance) ?? { openUntil: 0, trialUntil: 0 };
      // How a trial ends is known long before the last moment at which it may.
      return Math.max(0, openUntil - now(), Math.min(trialUntil - now(), firstOpenMs));
    },
    lastCause: (instance) => circuits.get(instance)?.cause,
    counts: () => ({ open: [...circuits.values()].filter(isOpen).length, failures }),
  };
}
