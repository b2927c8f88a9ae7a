import type { QuarantineKindParameters } from '../../../../src/contract/quarantine.ts';

const day = 24 * 3_600_000;

/** Spans of receipt, as milliseconds before now. */
const spans = {
  day: { from: day },
  week: { from: 7 * day },
  olderThanWeek: { to: 7 * day },
  olderThanMonth: { to: 30 * day },
} as const satisfies Record<string, { from?: number; to?: number }>;

export type ReceivedSpan = keyof typeof spans;
export const receivedSpans = Object.keys(spans) as ReceivedSpan[];

/** What the address of the list says. */
export interface QuarantineSearch {
  readonly reason?: string;
  readonly source?: string;
  readonly received?: ReceivedSpan;
}

/** What cannot be understood is left out. */
export function parseQuarantineSearch(search: Record<string, unknown>): QuarantineSearch {
  const { reason, source } = search;
  const received = receivedSpans.find((span) => span === search['received']);
  return {
    ...(typeof reason === 'string' && { reason }),
    ...(typeof source === 'string' && { source }),
    ...(received && { received }),
  };
}

/** As the API takes it. */
export function toFilter(
  { reason, source, received }: QuarantineSearch,
  nowMs: number,
): QuarantineKindParameters {
  const span: { from?: number; to?: number } = received ? spans[received] : {};
  return {
    ...(reason !== undefined && { reason }),
    ...(source !== undefined && { source }),
    ...(span.from !== undefined && { from: new Date(nowMs - span.from).toISOString() }),
    ...(span.to !== undefined && { to: new Date(nowMs - span.to).toISOString() }),
  };
}
