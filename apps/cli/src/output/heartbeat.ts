// Without a terminal: a line now and then, so that a log shows that the work goes on.

/** Something that shows life until it is stopped. */
export interface Pulse {
  /** What the work is at now. */
  update(detail: string): void;
  hide(): void;
  show(): void;
  stop(): void;
}

const everyMs = 15_000;

/** Prints the label, how long it has taken and the last detail, every 15 s. */
export function heartbeat(print: (text: string) => void, label: string): Pulse {
  const began = Date.now();
  let detail = '';
  const timer = setInterval(() => print(`${label}: ${Math.round((Date.now() - began) / 1000)} s${detail}`), everyMs);
  timer.unref();
  return {
    update: (text) => {
      detail = text === '' ? '' : `, ${text}`;
    },
    hide: () => {},
    show: () => {},
    stop: () => clearInterval(timer),
  };
}
