import { createHash } from 'node:crypto';
import type { AudioDescription } from '../audio/audio-description.js';
import { describeAudio, sniffAudio } from '../audio/describe-audio.js';
import { readDocument } from '../audio/document.js';
import { AppError } from '../domain/errors.js';
import type { AssetDraft } from '../storage/asset-storage.js';

/** Audio that has arrived whole and is not yet under a name of its own. */
export interface ArrivedAudio {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly description: AudioDescription;
}

/** Enough for nearly every header; what lies further in is read from the draft. */
const headBytes = 64 * 1024;

/**
 * Streams audio into a draft, hashed on the way, and describes it: memory stays flat at any size. What nobody here
 * knows is taken as it is; a text, a page or a document is refused, and so is nothing at all.
 * @throws AppError `body-too-large` or `not-audio`; whatever the stream throws where it breaks off.
 */
export async function receiveAudio(
  stream: AsyncIterable<Uint8Array>,
  draft: AssetDraft,
  { maxBytes }: { readonly maxBytes: number },
): Promise<ArrivedAudio> {
  const sha256 = createHash('sha256');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (bytes < headBytes) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new AppError(
        'body-too-large',
        `The audio has more than ${maxBytes} bytes (EARSHOT_MAX_RECORDING_BYTES).`,
      );
    }
    sha256.update(chunk);
    await draft.write(chunk);
  }
  const head = Buffer.concat(chunks);
  const document = sniffAudio(head) === undefined ? readDocument(head) : undefined;
  if (bytes === 0 || document) {
    const what = document ? `are ${document.detail}` : 'are none';
    throw new AppError('not-audio', `These bytes ${what}; nothing was published.`);
  }
  const readAt = (start: number, length: number): Promise<Uint8Array> => draft.readAt(start, length);
  const description = await describeAudio({ head, size: bytes, readAt });
  return { bytes, sha256: sha256.digest('hex'), description };
}
