import { lazy, Suspense } from 'react';
import { fetchPart } from '../../fetch-part.ts';
import { ProblemAlert } from '../problem-alert.tsx';
import type { CurveProps } from './curve-props.ts';

const Curve = lazy(async () => {
  const part = await fetchPart(() => import('./curve.tsx')).catch((error: unknown) => error as Error);
  // The numbers stay, whatever becomes of the curves.
  return { default: part instanceof Error ? () => <ProblemAlert error={part} /> : part.Curve };
});

/** Of a curve whose legend takes two lines, with the table closed: what lies below keeps its place. */
const heightPx = 230;

/** Curves come behind the numbers: what draws them is a fifth of a page. */
export function LazyCurve(props: CurveProps) {
  return (
    <Suspense fallback={<div style={{ minHeight: heightPx }} />}>
      <Curve {...props} />
    </Suspense>
  );
}
