// What a section found: tables for people, bars for the project, and how both are printed.

/** One bar: a figure and what it must be. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly kind: 'at least' | 'at most';
  /** The better figure that is hoped for. */
  readonly aim?: number;
  readonly unit?: string;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** All that a section has to say. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly bars: readonly Bar[];
  /** What a reader must know: what was skipped, what disturbed. */
  readonly notes: readonly string[];
}

/** Whether a bar holds. A figure that could not be taken does not. */
export function holds({ kind, value, limit }: Bar): boolean {
  return kind === 'at least' ? value >= limit : value <= limit;
}

export function printFindings({ tables, bars, notes }: Findings): string {
  const parts = tables.map(printTable);
  if (notes.length > 0) parts.push(`\n${notes.map((note) => `Note: ${note}`).join('\n')}`);
  if (bars.length > 0) parts.push(`\nBars\n${aligned(bars.map(barCells))}`);
  return `${parts.join('\n')}\n`;
}

export function printTable({ title, columns, rows }: Table): string {
  return `\n${title}\n${aligned([columns, ...rows])}`;
}

function barCells(bar: Bar): string[] {
  const unit = bar.unit === undefined ? '' : ` ${bar.unit}`;
  const aim = bar.aim === undefined ? '' : ` (aim ${bar.aim}${unit})`;
  return [holds(bar) ? 'ok' : 'MISSED', bar.name, `${digits(bar.value)}${unit}`, `${bar.kind} ${bar.limit}${unit}${aim}`];
}

/** Three figures say all that these measurements can. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2);
}

function aligned(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? digits(cell) : cell)));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}
