import { lazy, Suspense } from 'react';
import type { CurveProps } from './curve-props.ts';

const Curve = lazy(async () => ({ default: (await import('./curve.tsx')).Curve }));

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
