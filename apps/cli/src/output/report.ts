// What a command tells while it runs and at its end, whoever listens.

/** Something that happened, for programs. */
export interface ReportEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Shows how far a piece of work is; only a terminal does. */
export type Progress = (detail: string) => void;

/** Where a command reports to. */
export interface Report {
  /** Something happened. `text` is for people; without it only programs are told. */
  event(event: ReportEvent, text?: string): void;
  /** Something deserves a look; the work goes on. */
  warn(text: string): void;
  /** Runs work that may take longer than a second, showing `label` and that it goes on. */
  working<T>(label: string, work: (progress: Progress) => Promise<T>): Promise<T>;
  /** The good end: `value` for programs, `text` for people. */
  result(value: Readonly<Record<string, unknown>>, text: string): void;
  /** The bad end. */
  failure(error: unknown, exitCode: number): void;
}
