import type { ServerResponse } from 'node:http';
import type { Wait } from '../wait.js';
import { dripChunks, endAnswer, writeChunks } from './body-writer.js';
import type { StoredObject } from './bucket.js';
import type { ByteRange } from './byte-range.js';
import type { TransientFault } from './hindrance.js';

/** The faults that show in the body of an answer that began well. */
export type BodyFault = Extract<TransientFault, 'reset' | 'truncated' | 'wrong-bytes' | 'slow-drip'>;

export interface BodyContext {
  readonly wait: Wait;
  /** Aborts what is still dripping when the storage closes. */
  readonly signal: AbortSignal;
}

/** A spoiled or slow download takes this many pieces, this far apart: eight seconds. */
const dripPieces = 40;
const dripPauseMs = 200;

/**
 * Sends bytes of an object with the headers of the real storage (specification page, section 4): the checksums are
 * those of the whole, true object, also on 206 and whatever a fault does to the body.
 * True: the peer was sent every byte, and the right ones.
 */
export async function sendObject(
  response: ServerResponse,
  object: StoredObject,
  request: { readonly range: ByteRange; readonly isPartial: boolean; readonly fault: BodyFault | undefined },
  context: BodyContext,
): Promise<boolean> {
  const { range, fault } = request;
  // Two ways to lose the end: the connection closes too early, or the length itself is wrong and nothing else is.
  const hidesLoss = fault === 'truncated' && object.call.index % 2 === 1;
  const middle = range.start + Math.floor((range.end - range.start) / 2);
  const length = (hidesLoss ? middle : range.end) - range.start;
  response.writeHead(request.isPartial ? 206 : 200, {
    ...(await objectHeaders(object)),
    'Content-Length': length,
    ...(request.isPartial
      ? { 'Content-Range': `bytes ${range.start}-${range.end - 1}/${object.audio.bytes}` }
      : {}),
  });
  switch (fault) {
    case undefined:
      return (await writeChunks(response, object.audio.read(range.start, range.end))) && endAnswer(response);
    case 'slow-drip': {
      const drip = { pieceBytes: Math.ceil(length / dripPieces), pauseMs: dripPauseMs, ...context };
      return (
        (await dripChunks(response, object.audio.read(range.start, range.end), drip)) && endAnswer(response)
      );
    }
    case 'wrong-bytes':
      await writeChunks(response, spoiled(object.audio.read(range.start, range.end)));
      await endAnswer(response);
      return false;
    case 'truncated':
      await writeChunks(response, object.audio.read(range.start, middle));
      if (hidesLoss) await endAnswer(response);
      else response.socket?.end();
      return false;
    case 'reset':
      await writeChunks(response, object.audio.read(range.start, middle));
      response.socket?.resetAndDestroy();
      return false;
  }
}

export async function objectHeaders(object: StoredObject): Promise<Record<string, string>> {
  const { crc64, md5 } = await object.digest();
  return {
    'Content-Type': 'audio/x-wav',
    'Accept-Ranges': 'bytes',
    ETag: `"${md5.toString('hex').toUpperCase()}"`,
    'Content-MD5': md5.toString('base64'),
    'Last-Modified': new Date(object.call.endAt).toUTCString(),
    'x-oss-hash-crc64ecma': crc64,
    'x-oss-object-type': 'Normal',
    'x-oss-storage-class': 'Standard',
  };
}

/** Turns over some bits in every chunk; length and headers stay true. */
function* spoiled(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const chunk of chunks) {
    const at = chunk.length >> 1;
    chunk[at] = (chunk[at] ?? 0) ^ 0x5a;
    yield chunk;
  }
}
