/** One line of the table. */
export interface Figure {
  readonly name: string;
  /** As it is read: with its unit. */
  readonly measured: string;
  /** What it was compared with, and the ratios. */
  readonly beside: string;
  readonly aims: readonly Aim[];
  /** For programs. */
  readonly numbers: Readonly<Record<string, number>>;
  /** What a reader must know of this run: refused pushes, a cap that was reached. */
  readonly notes?: readonly string[];
}

export interface Aim {
  readonly text: string;
  readonly isReached: boolean;
}

export function atLeast(ratio: number, of: string, measuredRatio: number): Aim {
  return { text: `≥ ${ratio} × ${of}`, isReached: measuredRatio >= ratio };
}

export function atMost(limit: number, unit: string, measured: number, what = ''): Aim {
  return { text: `${what === '' ? '' : `${what} `}≤ ${limit} ${unit}`, isReached: measured <= limit };
}

/** The aim where there is one. */
export function ifAimed(aim: number | undefined, toAim: (aim: number) => Aim): Aim[] {
  return aim === undefined ? [] : [toAim(aim)];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Milliseconds, with as many places as matter. */
export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : count(value)} ms`;
}

export function times(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
