import type { AssetDraft } from '../storage/asset-storage.js';
import { RunningDigests } from './checksums.js';
import { HeadCollector } from './head-collector.js';

/** Bytes of a draft that are all there, and right. */
export interface WholeBytes {
  readonly digests: RunningDigests;
  readonly head: HeadCollector;
  /** `Content-Encoding`, as the storage said it: the digests are of the bytes as sent. */
  readonly coding?: string;
}

/**
 * What an earlier attempt had downloaded whole and could not commit, read again; undefined where there is none, or it
 * has been damaged since.
 *
 * Its sender is not asked whether the object is the same by now. Had the storage not been away, these bytes would have
 * been archived then and the link never opened again, so committing them is what would have happened; and asking could
 * only fail: the link may have died meanwhile, and then they are all there is.
 */
export async function readWhole(draft: AssetDraft): Promise<WholeBytes | undefined> {
  const { mark } = draft.kept;
  if (!mark?.isWhole) return undefined;
  const whole = { digests: new RunningDigests({}), head: new HeadCollector(), ...codingOf(mark) };
  try {
    for await (const chunk of draft.readKept()) {
      whole.digests.update(chunk);
      whole.head.add(chunk);
    }
  } catch {
    // What cannot be read is downloaded anew, as long as that can be done.
    return undefined;
  }
  return whole.digests.sha256() === mark.sha256 ? whole : undefined;
}

/** As a member, where there is one. */
export function codingOf({ coding }: { readonly coding?: string }): { readonly coding?: string } {
  return coding === undefined ? {} : { coding };
}
