/** From how many hours left, up to but not including how many. */
interface Span {
  readonly name: 'hour' | 'sixHours' | 'day' | 'twoDays' | 'threeDays' | 'fiveDays' | 'later';
  readonly belowHours: number;
  readonly isUrgent: boolean;
}

/** Finer where there is less time: what dies within the hour is one question, what dies on Sunday another. */
const spans: readonly Span[] = [
  { name: 'hour', belowHours: 1, isUrgent: true },
  { name: 'sixHours', belowHours: 6, isUrgent: false },
  { name: 'day', belowHours: 24, isUrgent: false },
  { name: 'twoDays', belowHours: 48, isUrgent: false },
  { name: 'threeDays', belowHours: 72, isUrgent: false },
  { name: 'fiveDays', belowHours: 120, isUrgent: false },
  { name: 'later', belowHours: Infinity, isUrgent: false },
];

export interface RadarGroup {
  readonly name: Span['name'] | 'overdue';
  readonly recordings: number;
  readonly isUrgent: boolean;
}

/** Open recordings by the time that their links have left, the shortest first. */
export function toRadarGroups({
  overdue,
  hours,
}: {
  overdue: number;
  hours: readonly number[];
}): RadarGroup[] {
  let from = 0;
  const groups = spans.map(({ name, belowHours, isUrgent }) => {
    const recordings = hours.slice(from, belowHours).reduce((sum, each) => sum + each, 0);
    from = belowHours;
    return { name, recordings, isUrgent };
  });
  return [{ name: 'overdue', recordings: overdue, isUrgent: true }, ...groups];
}
