// Who may use a table at once: many calls side by side, or one transaction alone.

/** Turns on tables, in the order in which they were asked for. */
export interface TableTurns {
  beside<Result>(table: string, work: () => Promise<Result>): Promise<Result>;
  alone<Result>(table: string, work: () => Promise<Result>): Promise<Result>;
}

interface Line {
  running: number;
  isAlone: boolean;
  readonly waiting: { readonly alone: boolean; readonly begin: () => void }[];
}

/** Makes turns; one for a store. */
export function createTableTurns(): TableTurns {
  const lines = new Map<string, Line>();

  function admit(line: Line): void {
    for (let next = line.waiting[0]; next !== undefined; next = line.waiting[0]) {
      if (line.isAlone || (next.alone && line.running > 0)) return;
      line.waiting.shift();
      line.running += 1;
      line.isAlone = next.alone;
      next.begin();
    }
  }

  async function take<Result>(table: string, alone: boolean, work: () => Promise<Result>): Promise<Result> {
    const line = lines.get(table) ?? { running: 0, isAlone: false, waiting: [] };
    lines.set(table, line);
    await new Promise<void>((begin) => {
      line.waiting.push({ alone, begin });
      admit(line);
    });
    try {
      return await work();
    } finally {
      line.running -= 1;
      line.isAlone = false;
      admit(line);
      if (line.running === 0 && line.waiting.length === 0) lines.delete(table);
    }
  }

  return { beside: (table, work) => take(table, false, work), alone: (table, work) => take(table, true, work) };
}
