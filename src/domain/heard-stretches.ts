/** A part of a recording, in seconds from its start. */
export type Stretch = readonly [from: number, to: number];

/** More parts than anybody listens to by intent: beyond, the closest are taken for one. */
const maxStretches = 100;

/** What was heard in all: in order, without overlaps, to tenths of a second, at most 100 stretches. */
export function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const sorted = stretches
    .map(([from, to]): Stretch => [round(from), round(to)])
    .filter(([from, to]) => to > from)
    .sort(([a], [b]) => a - b);
  const joined: Stretch[] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last && from <= last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], to)];
    else joined.push([from, to]);
  }
  return joined.length <= maxStretches ? joined : closeSmallestGaps(joined);
}

/** How much was heard at least once, in seconds, to tenths. */
export function secondsOf(stretches: readonly Stretch[]): number {
  return round(stretches.reduce((sum, [from, to]) => sum + to - from, 0));
}

function closeSmallestGaps(joined: readonly Stretch[]): Stretch[] {
  const gaps = joined
    .slice(1)
    .map(([from], index) => ({ index, seconds: from - (joined[index]?.[1] ?? from) }));
  const closed = new Set(
    gaps
      .toSorted((a, b) => a.seconds - b.seconds)
      .slice(0, joined.length - maxStretches)
      .map(({ index }) => index),
  );
  const kept: Stretch[] = [];
  for (const [index, [from, to]] of joined.entries()) {
    const last = kept.at(-1);
    if (last && closed.has(index - 1)) kept[kept.length - 1] = [last[0], to];
    else kept.push([from, to]);
  }
  return kept;
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
