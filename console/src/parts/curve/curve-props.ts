export interface CurveSeries {
  readonly label: string;
  /** One for each instant; undefined where nothing is known. */
  readonly values: readonly (number | undefined)[];
  readonly color: 'sea' | 'orange';
}

export interface CurveProps {
  /** What it shows, in a sentence with its latest values: all that a screen reader gets of the picture. */
  readonly summary: string;
  readonly instantsMs: readonly number[];
  /** How much time is shown, up to the latest instant, or to now where there is none: the rest stays empty. */
  readonly spanMs: number;
  readonly series: readonly CurveSeries[];
  readonly formatValue: (value: number) => string;
  /** A line that is not to be crossed. */
  readonly limit?: { readonly value: number; readonly label: string };
  /** Of the table behind the picture: every how many-th instant. */
  readonly tableEvery: number;
}
