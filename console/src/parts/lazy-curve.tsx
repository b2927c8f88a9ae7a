import { lazy, Suspense } from 'react';
import type { CurveProps } from './curve.tsx';

const Curve = lazy(async () => ({ default: (await import('./curve.tsx')).Curve }));

/** Curves come behind the numbers: what draws them is a fifth of a page. */
export function LazyCurve(props: CurveProps) {
  return (
    <Suspense fallback={<div style={{ minHeight: 182 }} />}>
      <Curve {...props} />
    </Suspense>
  );
}
