import { Readable } from 'node:stream';
import { toS3StorageError } from './s3-error.js';
import { StorageError } from './storage-error.js';

/** Longest silence of the storage while somebody waits for bytes. A reader who pauses is nobody's failure. */
const idleMs = 30_000;

/** The same as a stream; leaving it, even before the first byte was asked for, ends the connection. */
export function toStream(body: unknown): Readable {
  const stream = Readable.from(readBody(body), { objectMode: false });
  // A generator that was never asked has nothing to clean up, but there is a connection.
  if (body instanceof Readable) stream.once('close', () => body.destroy());
  return stream;
}

/**
 * The bytes of an answer, as they come. Ends the connection when it is left early, and when the storage falls silent.
 * Rejects with `io-failed` when they break off.
 */
export async function* readBody(body: unknown): AsyncGenerator<Uint8Array, void, undefined> {
  if (!(body instanceof Readable)) throw new StorageError('io-failed', 'reading an asset: no bytes came');
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const onSilence = (): void => {
    body.destroy(new StorageError('io-failed', `reading an asset: nothing came for ${idleMs / 1000} s`));
  };
  try {
    for (;;) {
      const timer = setTimeout(onSilence, idleMs);
      const next = await chunks.next().finally(() => {
        clearTimeout(timer);
      });
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    throw toS3StorageError(error, 'reading an asset');
  } finally {
    body.destroy();
  }
}
