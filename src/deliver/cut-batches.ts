import type { Selected } from './select-messages.js';

export interface CutRule {
  readonly batchSize: number;
  /** Of texts; a batch has one message at least. */
  readonly maxBatchBytes: number;
  readonly maxBatches: number;
  /** Whether a batch that is not full may go, once its oldest message has waited for `lingerMs`. */
  readonly takesPartial: boolean;
  readonly lingerMs: number;
  readonly now: number;
}

export interface CutResult {
  readonly batches: Selected[][];
  /** Not cut yet: it waits for more, or for room. */
  readonly rest: Selected[];
}

/**
 * Cuts what was selected into batches, in order. Messages that one event released are never torn apart: the cursor
 * stands between entries, so what is left of them would be sent again or never.
 */
export function cutBatches(selected: readonly Selected[], rule: CutRule): CutResult {
  const batches: Selected[][] = [];
  let at = 0;
  while (at < selected.length) {
    const end = endOfBatch(selected, at, rule);
    const isFull = end < selected.length || end - at >= rule.batchSize;
    const isTorn = at > 0 && selected[at]?.readAt === selected[at - 1]?.readAt;
    if (!isTorn && (batches.length >= rule.maxBatches || !(isFull || mayGo(selected.slice(at, end), rule))))
      break;
    batches.push(selected.slice(at, end));
    at = end;
  }
  return { batches, rest: selected.slice(at) };
}

function mayGo(batch: readonly Selected[], { takesPartial, lingerMs, now }: CutRule): boolean {
  return takesPartial && batch.some(({ since }) => since + lingerMs <= now);
}

function endOfBatch(
  selected: readonly Selected[],
  from: number,
  { batchSize, maxBatchBytes }: CutRule,
): number {
  let bytes = 0;
  let end = from;
  while (end < selected.length && end - from < batchSize) {
    bytes += selected[end]?.size ?? 0;
    if (end > from && bytes > maxBatchBytes) break;
    end++;
  }
  return end;
}
