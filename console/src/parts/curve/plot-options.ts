import type uPlot from 'uplot';
import type { CurveProps } from './curve-props.ts';

export const heightPx = 150;

interface Colors {
  readonly text: string;
  readonly grid: string;
  readonly limit: string;
  readonly sea: string;
  readonly orange: string;
}

/** A canvas knows no CSS variables. */
export function readColors(element: Element): Colors {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(`--curve-${name}`).trim();
  return {
    text: read('text'),
    grid: read('grid'),
    limit: read('limit'),
    sea: read('sea'),
    orange: read('orange'),
  };
}

/** With the ends of the span, so that it is shown, and the limit through it, where little is known of it yet. */
export function toData({ instantsMs, spanMs, series, limit }: CurveProps): uPlot.AlignedData {
  const endMs = instantsMs.at(-1) ?? Date.now();
  const ends = [endMs - spanMs, endMs].filter((ms) => ms < (instantsMs[0] ?? Infinity));
  const instants = [...ends, ...instantsMs];
  const lines = series.map(({ values }) => [
    ...ends.map(() => null),
    ...values.map((value) => value ?? null),
  ]);
  const limits = limit ? [instants.map(() => limit.value)] : [];
  return [instants.map((ms) => ms / 1000), ...lines, ...limits];
}

/** 1, 2, 5, 10, 20, 50 … */
const wholeSteps = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

export function toOptions(
  { series, limit, formatValue }: CurveProps,
  width: number,
  colors: Colors,
  { formatTime, time }: { readonly formatTime: (ms: number) => string; readonly time: string },
): uPlot.Options {
  const value = (_plot: uPlot, raw: number | null): string => (raw === null ? '–' : formatValue(raw));
  const axis = { stroke: colors.text, grid: { stroke: colors.grid, width: 1 }, ticks: { show: false } };
  return {
    width,
    height: heightPx,
    padding: [8, 8, 0, 0],
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 1)] } },
    axes: [
      {
        ...axis,
        size: 24,
        // A time of day with seconds has room for itself and for a gap.
        space: 96,
        values: (_plot, ticks) => ticks.map((s) => formatTime(s * 1000).replace(/:00\b/, '')),
      },
      // Counted things and milliseconds: halves would only repeat a number.
      { ...axis, size: 56, incrs: wholeSteps, values: (_plot, ticks) => ticks.map(formatValue) },
    ],
    series: [
      { value: (_plot, raw: number | null) => (raw === null ? '–' : formatTime(raw * 1000)), label: time },
      ...series.map(({ label, color }) => ({
        label,
        value,
        stroke: colors[color],
        width: 1.8,
        points: { show: false },
      })),
      ...(limit
        ? [
            {
              label: limit.label,
              value,
              stroke: colors.limit,
              width: 1.2,
              dash: [6, 4],
              points: { show: false },
            },
          ]
        : []),
    ],
  };
}
