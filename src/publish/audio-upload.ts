import { createHash } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import type { AssetDraft } from '../storage/asset-storage.js';

/** What audio holds, by its bytes (archive/describe-audio.ts, handed in). */
export interface AudioDescription {
  readonly container: string;
  readonly codec?: string;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly seconds?: number;
}

/** Undefined where the bytes are no audio. */
export type DescribeAudio = (source: {
  readonly head: Uint8Array;
  readonly size: number;
  readonly readAt: (start: number, length: number) => Promise<Uint8Array>;
}) => Promise<AudioDescription | undefined>;

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
 * Streams audio into a draft, hashed on the way, and describes it: memory stays flat at any size.
 * @throws AppError `body-too-large` or `not-audio`; whatever the stream throws where it breaks off.
 */
export async function receiveAudio(
  stream: AsyncIterable<Uint8Array>,
  draft: AssetDraft,
  { maxBytes, describe }: { readonly maxBytes: number; readonly describe: DescribeAudio },
): Promise<ArrivedAudio> {
  const sha256 = createHash('sha256');
  const head: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (bytes < headBytes) head.push(chunk);
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
  const description = await describe({
    head: Buffer.concat(head),
    size: bytes,
    readAt: (start, length) => draft.readAt(start, length),
  });
  if (!description) throw new AppError('not-audio', 'These bytes are no audio; nothing was published.');
  return { bytes, sha256: sha256.digest('hex'), description };
}
