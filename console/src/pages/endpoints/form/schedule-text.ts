const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof unitSeconds;

const wait = /(\d+(?:\.\d+)?)\s*([smhd]?)/giy;
const between = /[\s,;，、；]*/y;

/** Waits of a schedule as people write them: `1m, 5m, 10m`. Seconds where no unit stands. */
export function writeSchedule(seconds: readonly number[]): string {
  return seconds.map(writeWait).join(', ');
}

function writeWait(seconds: number): string {
  const units = (['d', 'h', 'm'] as const).filter((each) => seconds > 0 && seconds % unitSeconds[each] === 0);
  const unit: Unit = units[0] ?? 's';
  return `${seconds / unitSeconds[unit]}${unit}`;
}

/** In seconds; undefined where something in the text is no wait. Nothing at all is a schedule without a wait. */
export function readSchedule(text: string): number[] | undefined {
  const waits: number[] = [];
  let at = skip(text, 0);
  while (at < text.length) {
    wait.lastIndex = at;
    const [whole = '', number = '', unit = ''] = wait.exec(text) ?? [];
    if (whole === '') return undefined;
    waits.push(Number(number) * unitSeconds[(unit.toLowerCase() || 's') as Unit]);
    at = skip(text, at + whole.length);
  }
  return waits;
}

function skip(text: string, from: number): number {
  between.lastIndex = from;
  return from + (between.exec(text)?.[0].length ?? 0);
}
