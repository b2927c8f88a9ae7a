import { Presets, SingleBar } from 'cli-progress';

/** Data goes to stdout, words to stderr: what a program reads is never mixed with what a person reads. */
export function printData(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  printData(JSON.stringify(value, null, 2));
}

const longestShown = 120;

/** Text of strangers, fit for a terminal: no control characters that would move the cursor, and no page of it. */
export function printable(text: string): string {
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return shown.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export interface Progress {
  update(done: number, total?: number): void;
  stop(): void;
}

/** What takes no longer than this needs no bar. */
const showAfterMs = 1_000;

/** A bar on a terminal, for what takes longer than a second; nothing elsewhere. */
export function showProgress(what: string, total: number): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `${what} {bar} {percentage}% | {value}/{total} | {eta_formatted} left`,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  const startedAt = performance.now();
  let isShown = false;
  return {
    update: (done, newTotal = total) => {
      if (!isShown) {
        if (performance.now() - startedAt < showAfterMs) return;
        bar.start(newTotal, done);
        isShown = true;
      }
      bar.setTotal(newTotal);
      bar.update(done);
    },
    stop: () => {
      if (isShown) bar.stop();
    },
  };
}

/** `1 message`, `2 messages`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Columns of text, as wide as their widest cell. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
