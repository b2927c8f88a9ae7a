import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import { useFormat } from '../../i18n/use-format.ts';
import type { CurveProps } from './curve-props.ts';
import { heightPx, readColors, toData, toOptions } from './plot-options.ts';

/** Draws into `host`; drawn anew when colours or words change, and given new values otherwise. */
export function usePlot(host: RefObject<HTMLDivElement | null>, props: CurveProps): void {
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
