// Follows a build through the lines of the engine's answer, whichever of its builders sends them.
import { decodeBuildKitStatus } from './buildkit-status.ts';
import type { BuildKitStatus, Vertex } from './buildkit-status.ts';
import type { BuildEvent, StepEvent } from './events.ts';
import { OutputLines } from './output-lines.ts';
import { transferEvent, transferOf } from './transfer.ts';
import type { TransferLine } from './transfer.ts';

/** A step as far as it is known. */
interface Step {
  readonly id: string;
  name: string;
  started: number | undefined;
  completed: number | undefined;
  readonly stdout: OutputLines;
  readonly stderr: OutputLines;
}

/** What the engine said went wrong. */
export interface BuildFault {
  /** The engine's own words. */
  readonly message: string;
  /** Name of the step that failed; empty when no step did. */
  readonly step: string;
  /** The last lines that step printed, oldest first. */
  readonly lastLines: readonly string[];
}

/** A line of the engine's answer to a build. */
export interface BuildLine extends TransferLine {
  readonly aux?: unknown;
  readonly error?: unknown;
  readonly stream?: unknown;
}

const keptLines = 20;

/** The state of one build. Feed it every line; then ask for the image or the fault. */
export class BuildProgress {
  imageId: string | undefined;
  #message: string | undefined;
  #failedStep: string | undefined;
  readonly #steps = new Map<string, Step>();
  readonly #lastLines = new Map<string, string[]>();
  #classic: Step | undefined;

  /** Why the build failed, if it did. */
  get fault(): BuildFault | undefined {
    if (this.#message === undefined) return undefined;
    const step = this.#failedStep ?? this.#classic?.id ?? '';
    return { message: this.#message, step: this.#steps.get(step)?.name ?? '', lastLines: this.#lastLines.get(step) ?? [] };
  }

  /** The events that one line of the answer stands for. A line that makes no sense stands for none. */
  push(line: BuildLine): BuildEvent[] {
    if (typeof line.error === 'string') this.#message ??= line.error;
    if (line.id === 'moby.buildkit.trace' && typeof line.aux === 'string') return this.#buildKit(line.aux);
    const id = (line.aux as { ID?: unknown } | null | undefined)?.ID;
    if (typeof id === 'string') this.imageId = id;
    if (typeof line.stream === 'string') return this.#classicText(line.stream);
    return transferOf(line);
  }

  /** The events that close what is still open, once the answer has ended. */
  end(): BuildEvent[] {
    const open = [...this.#steps.values()].filter((step) => step.started !== undefined && step.completed === undefined);
    const state = this.#message === undefined ? 'done' : 'cancelled';
    return open.flatMap((step) => {
      const failed = step === this.#classic && this.#message !== undefined;
      return [...this.#flush(step), this.#close(step, failed ? 'failed' : state)];
    });
  }

  #buildKit(base64: string): BuildEvent[] {
    const status = decode(base64);
    if (status === undefined) return [];
    const transfers = status.statuses.filter(({ current, total }) => current > 0 || total > 0);
    return [
      ...status.vertexes.flatMap((vertex) => this.#begin(vertex)),
      ...status.logs.flatMap((log) => this.#print(this.#step(log.vertex), log.stream === 2 ? 'stderr' : 'stdout', log.message)),
      ...transfers.map(({ id, name, current, total }) => transferEvent(id, name || id, current, total)),
      ...status.warnings.map((message) => ({ type: 'warning', message }) as const),
      ...status.vertexes.flatMap((vertex) => this.#finish(vertex)),
    ];
  }

  #begin({ digest, name, started, cached }: Vertex): BuildEvent[] {
    const step = this.#step(digest);
    step.name = name;
    if (started === undefined || started === step.started || cached) return [];
    step.started = started;
    step.completed = undefined;
    return [stepEvent(step, 'started')];
  }

  #finish(vertex: Vertex): BuildEvent[] {
    const step = this.#step(vertex.digest);
    if (vertex.completed === undefined || vertex.completed === step.completed) return [];
    step.started ??= vertex.started;
    step.completed = vertex.completed;
    const cancelled = vertex.error.includes('context canceled');
    if (vertex.error !== '' && !cancelled) this.#failedStep ??= step.id;
    const state = vertex.cached ? 'cached' : cancelled ? 'cancelled' : vertex.error === '' ? 'done' : 'failed';
    const seconds =
      step.started === undefined || !['done', 'failed'].includes(state) ? undefined : Math.max(0, vertex.completed - step.started);
    return [...this.#flush(step), stepEvent(step, state, seconds)];
  }

  /** The classic builder sends no structure: `Step 2/3 : RUN …` begins a step, everything else is its output. */
  #classicText(text: string): BuildEvent[] {
    const name = /^Step (\d+\/\d+) : ([^]*)$/.exec(text);
    if (name !== null) {
      const ended = this.#classic === undefined ? [] : [...this.#flush(this.#classic), this.#close(this.#classic, 'done')];
      this.#classic = this.#step(`step ${name[1]}`);
      this.#classic.name = `[${name[1]}] ${(name[2] ?? '').trim()}`;
      this.#classic.started = Date.now() / 1000;
      return [...ended, stepEvent(this.#classic, 'started')];
    }
    // These lines tell of containers and layers, which nobody asked about.
    if (/^(?: ---> |Removing intermediate container |Successfully (?:built|tagged) |\n$)/.test(text)) return [];
    const warning = /^\[Warning\] (.*)/.exec(text)?.[1];
    // Unused arguments are told before the build, whichever builder it is.
    if (warning !== undefined) return warning.includes('build-args') ? [] : [{ type: 'warning', message: warning }];
    const stream = text.startsWith('\u001b[91m') ? 'stderr' : 'stdout';
    return this.#print(this.#classic ?? this.#step(''), stream, Buffer.from(text));
  }

  #step(id: string): Step {
    const known = this.#steps.get(id);
    if (known !== undefined) return known;
    const step: Step = { id, name: '', started: undefined, completed: undefined, stdout: new OutputLines(), stderr: new OutputLines() };
    this.#steps.set(id, step);
    return step;
  }

  #close(step: Step, state: StepEvent['state']): BuildEvent {
    step.completed = Date.now() / 1000;
    return stepEvent(step, state, state === 'cancelled' ? undefined : step.completed - (step.started ?? step.completed));
  }

  #print(step: Step, stream: 'stdout' | 'stderr', bytes: Uint8Array): BuildEvent[] {
    return step[stream].push(bytes).map((line) => this.#output(step, stream, line));
  }

  #flush(step: Step): BuildEvent[] {
    return (['stdout', 'stderr'] as const).flatMap((stream) => step[stream].end().map((line) => this.#output(step, stream, line)));
  }

  #output(step: Step, stream: 'stdout' | 'stderr', line: string): BuildEvent {
    const lines = this.#lastLines.get(step.id) ?? [];
    this.#lastLines.set(step.id, [...lines, line].slice(-keptLines));
    return { type: 'output', step: step.id, stream, line };
  }
}

function stepEvent(step: Step, state: StepEvent['state'], seconds?: number): StepEvent {
  const internal = step.name.startsWith('[internal]') || /^(copy \/context \/|exporting |resolve image config )/.test(step.name);
  return { type: 'step', id: step.id, name: step.name, state, internal, ...(seconds === undefined ? {} : { seconds }) };
}

function decode(base64: string): BuildKitStatus | undefined {
  try {
    return decodeBuildKitStatus(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
