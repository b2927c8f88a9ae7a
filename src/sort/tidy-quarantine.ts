import type { QuarantineFilter, QuarantineReader, QuarantineWriter } from '../store/quarantine.js';

export interface QuarantineBounds {
  /** Items of pushes received before this instant have been there long enough. */
  readonly receivedBefore: number;
  /** The most of one source. */
  readonly maxBytesPerSource: number;
  /** Pushes received before this instant are not kept any more. */
  readonly pushesKeptSince: number;
}

export interface TidiedQuarantine {
  readonly expired: number;
  /** Of the sources that had more than they may: how many items were deleted. */
  readonly beyondQuota: readonly { readonly source: string; readonly count: number }[];
}

/** Deleted in one transaction: some milliseconds of the store's writer. */
const discardedAtOnce = 200;
/** What an item takes beside its bytes: many small ones are as much as a few large. */
const bytesOfRow = 512;

/**
 * Keeps quarantine within its bounds: what has been there for long is deleted, and of a source that has more than its
 * quota the oldest. So a sender who pushes garbage pushes out his own, and nobody else's.
 */
export async function tidyQuarantine(
  { quarantine, quarantineWriter }: QuarantineParts,
  { receivedBefore, maxBytesPerSource, pushesKeptSince }: QuarantineBounds,
): Promise<TidiedQuarantine> {
  const expired = await discardAll(quarantineWriter, { to: receivedBefore });
  const beyondQuota: { source: string; count: number }[] = [];
  for (const [source, { count, bytes }] of await sizesOf(quarantine)) {
    let excess = bytes - maxBytesPerSource;
    let discarded = 0;
    while (excess > 0) {
      // About as many as are too many, and never all of a few large ones at once.
      const limit = Math.max(1, Math.min(discardedAtOnce, Math.floor((excess * count) / bytes)));
      const gone = await quarantineWriter.discardChosen({ source }, limit);
      if (gone.count === 0) break;
      discarded += gone.count;
      excess -= gone.bytes + gone.count * bytesOfRow;
    }
    if (discarded > 0) beyondQuota.push({ source, count: discarded });
  }
  while ((await quarantineWriter.forget(pushesKeptSince, discardedAtOnce)) === discardedAtOnce);
  return { expired, beyondQuota };
}

interface QuarantineParts {
  readonly quarantine: Pick<QuarantineReader, 'kinds'>;
  readonly quarantineWriter: Pick<QuarantineWriter, 'discardChosen' | 'forget'>;
}

async function discardAll(
  writer: QuarantineParts['quarantineWriter'],
  filter: QuarantineFilter,
): Promise<number> {
  let discarded = 0;
  for (;;) {
    const { count } = await writer.discardChosen(filter, discardedAtOnce);
    discarded += count;
    if (count < discardedAtOnce) return discarded;
  }
}

async function sizesOf(
  quarantine: QuarantineParts['quarantine'],
): Promise<Map<string, { count: number; bytes: number }>> {
  const sizes = new Map<string, { count: number; bytes: number }>();
  for (const { source, count, bytes } of await quarantine.kinds({})) {
    const before = sizes.get(source) ?? { count: 0, bytes: 0 };
    const all = before.bytes + bytes + count * bytesOfRow;
    sizes.set(source, { count: before.count + count, bytes: all });
  }
  return sizes;
}
