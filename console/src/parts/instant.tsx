import { useFormat } from '../i18n/use-format.ts';
import { useNowMs } from './use-now-ms.ts';

export interface InstantProps {
  /** ISO 8601, as the API gives it. */
  readonly at: string;
  /** "3 min ago" instead of date and time, which then are in the tooltip. */
  readonly isRelative?: boolean;
}

/** A point in time, in the browser's zone; its tooltip has it to the second, with the zone of the API. */
export function Instant({ at, isRelative = false }: InstantProps) {
  return isRelative ? <RelativeInstant at={at} /> : <AbsoluteInstant at={at} />;
}

function AbsoluteInstant({ at }: { readonly at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={at} className="tabular">
      {format.dateAndTime(at)}
    </time>
  );
}

function RelativeInstant({ at }: { readonly at: string }) {
  const format = useFormat();
  const nowMs = useNowMs();
  return (
    <time dateTime={at} title={`${format.dateAndTime(at)} (${at})`} className="tabular">
      {format.relative(Date.parse(at), nowMs)}
    </time>
  );
}
