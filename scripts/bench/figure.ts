/** One measured number and what it should be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'instructions' | 'ratio';
  /** The value may be at most this. */
  readonly goal: number;
  /** The same work done by Azle as it comes, where there is such a thing. */
  readonly stock?: number;
}

/** A module of benchmarks. It tells its progress, because some take a minute. */
export interface Bench {
  readonly name: string;
  readonly run: (tell: (progress: string) => void) => Promise<readonly Figure[]>;
}

export function isMet({ value, goal }: Figure): boolean {
  return value <= goal;
}

/** Fixed-width table for people. */
export function figuresTable(figures: readonly Figure[]): string {
  const head = ['figure', 'value', 'goal', 'stock Azle', ''];
  const rows = figures.map((figure) => [
    figure.name,
    amountText(figure.value, figure.unit),
    `≤ ${amountText(figure.goal, figure.unit)}`,
    figure.stock === undefined ? '' : amountText(figure.stock, figure.unit),
    isMet(figure) ? 'ok' : 'MISSED',
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) => pad(cell, column, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

function pad(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function amountText(value: number, unit: Figure['unit']): string {
  if (unit === 'ratio') return value.toFixed(2);
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  return `${(value / 1e3).toFixed(1)}k`;
}
