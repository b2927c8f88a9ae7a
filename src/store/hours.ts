/** Figures by the hour, for all processes together. */
export const figureNames = [
  'pushes',
  'pushedBytes',
  'messages',
  'archivedRecordings',
  'archivedBytes',
] as const;
export type FigureName = (typeof figureNames)[number];

export interface HourFigure {
  /** Start of the hour, in ms. */
  readonly hour: number;
  readonly name: FigureName;
  readonly value: number;
}

export interface Hours {
  /** Adds to what was counted. */
  add(figures: readonly HourFigure[]): Promise<void>;
  /** Ascending. */
  since(hour: number): Promise<HourFigure[]>;
  /** At most `limit`. */
  sweep(before: number, limit: number): Promise<number>;
}
