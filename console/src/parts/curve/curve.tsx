import 'uplot/dist/uPlot.min.css';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CurveProps } from './curve-props.ts';
import { CurveTable } from './curve-table.tsx';
import classes from './curve.module.css';
import { usePlot } from './use-plot.ts';

/** Values over time as curves; the same as a table below for whoever reads numbers, or does not see. */
export function Curve(props: CurveProps) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  usePlot(host, props);
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
