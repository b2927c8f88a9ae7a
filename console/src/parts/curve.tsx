import 'uplot/dist/uPlot.min.css';
import { Table, useComputedColorScheme } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import { useFormat } from '../i18n/use-format.ts';
import classes from './curve.module.css';

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

const heightPx = 150;

/** Values over time as curves; the same as a table below for whoever reads numbers, or does not see. */
export function Curve(props: CurveProps) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  useCurve(host, props);
  return (
    <figure className={classes.figure}>
      <div ref={host} className={classes.host} role="img" aria-label={props.summary} />
      <details className={classes.details}>
        <summary>{t('asTable')}</summary>
        <CurveTable {...props} />
      </details>
    </figure>
  );
}

function CurveTable({ summary, instantsMs, series, formatValue, tableEvery }: CurveProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = instantsMs.map((_, index) => index).filter((index) => (index + 1) % tableEvery === 0);
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={summary}>
      <Table fz="xs" verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('time')}</Table.Th>
            {series.map(({ label }) => (
              <Table.Th key={label} scope="col" ta="right">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="tabular">
          {shown.reverse().map((index) => (
            <Table.Tr key={index}>
              <Table.Td>{format.time(instantsMs[index]!)}</Table.Td>
              {series.map(({ label, values }) => {
                const value = values[index];
                return (
                  <Table.Td key={label} ta="right">
                    {value === undefined ? '–' : formatValue(value)}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Draws into `host`; drawn anew when colours or words change, and given new values otherwise. */
function useCurve(host: RefObject<HTMLDivElement | null>, props: CurveProps): void {
  const { t } = useTranslation();
  const scheme = useComputedColorScheme();
  const format = useFormat();
  const plot = useRef<uPlot>(undefined);
  const { instantsMs, series, limit, formatValue } = props;
  const latest = useRef(props);
  const shape = JSON.stringify([series.map(({ label, color }) => [label, color]), limit, scheme]);

  useLayoutEffect(() => {
    latest.current = props;
  });
  // Before the page is painted: the legend takes room of its own, and what lies below must not move from
  // under the pointer.
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    const words = { formatTime: format.time, time: t('time') };
    const options = toOptions(latest.current, element.clientWidth, readColors(element), words);
    const drawn = new uPlot(options, toData(latest.current), element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => {
      drawn.setSize({ width: element.clientWidth, height: heightPx });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = undefined;
    };
  }, [host, shape, format, t]);
  useEffect(() => {
    plot.current?.setData(toData(latest.current));
  }, [instantsMs, series, limit, formatValue]);
}

interface Colors {
  readonly text: string;
  readonly grid: string;
  readonly limit: string;
  readonly sea: string;
  readonly orange: string;
}

/** A canvas knows no CSS variables. */
function readColors(element: Element): Colors {
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

function toData({ instantsMs, series, limit }: CurveProps): uPlot.AlignedData {
  const lines = series.map(({ values }) => values.map((value) => value ?? null));
  const limits = limit ? [instantsMs.map(() => limit.value)] : [];
  return [instantsMs.map((ms) => ms / 1000), ...lines, ...limits];
}

/** In seconds: up to the latest instant, or to now where there is none. */
function toSpan(latest: number | null, spanMs: number): [number, number] {
  const end = latest ?? Date.now() / 1000;
  return [end - spanMs / 1000, end];
}

/** 1, 2, 5, 10, 20, 50 … */
const wholeSteps = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

function toOptions(
  { spanMs, series, limit, formatValue }: CurveProps,
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
    scales: {
      x: { range: (_plot, _min, max) => toSpan(max, spanMs) },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 1)] },
    },
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
