import { formatClock } from '../i18n/format.ts';

/** A length of time as a player shows it: 2:05. */
export function Duration({ seconds }: { readonly seconds: number }) {
  return (
    <time dateTime={`PT${Math.round(seconds)}S`} className="tabular">
      {formatClock(seconds)}
    </time>
  );
}
