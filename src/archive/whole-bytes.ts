import type { AssetDraft } from '../storage/asset-storage.js';
import { RunningDigests } from './checksums.js';
import { sniffAudio } from '../audio/describe-audio.js';
import { readDocument, type Document } from '../audio/document.js';
import { decodeWords, wordsOf } from '../protocol/answer-words.js';

/** Enough for nearly every header, in one or two reads of a socket: what lies further in is read from the draft. */
const headBytes = 64 * 1024;
/** A page says within these what it is. */
const judgedBytes = 512;
/** A text without markup that is longer than this is no error: it may be a recording in letters and digits. */
const maxTextBytes = 16 * 1024;

/** The beginning of a download, kept in memory to be described by. */
export class HeadCollector {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #judged = false;

  add(chunk: Uint8Array): void {
    if (this.#bytes >= headBytes) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /**
   * True, once, when the beginning is there and is a page instead of audio: an error document need not be read to
   * its end. What is neither is judged when it is whole.
   */
  isPage(): boolean {
    if (this.#judged || this.#bytes < judgedBytes) return false;
    this.#judged = true;
    const document = this.#document();
    return document !== undefined && document.kind !== 'text';
  }

  /** What says of itself that it is no recording, of bytes that are all there; undefined for everything else. */
  describeRefusal(size: number): string | undefined {
    if (size === 0) return 'an empty body';
    const document = this.#document();
    if (!document || (document.kind === 'text' && size > maxTextBytes)) return undefined;
    return wordsOf(decodeWords(this.bytes())) ?? document.detail;
  }

  bytes(): Uint8Array {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  #document(): Document | undefined {
    const head = this.bytes();
    return sniffAudio(head) === undefined ? readDocument(head) : undefined;
  }
}

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
