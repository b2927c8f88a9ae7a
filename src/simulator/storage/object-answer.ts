import type { ServerResponse } from 'node:http';
import type { Wait } from '../wait.js';
import type { StoredObject, TransientFault } from './bucket.js';

/** The faults that show in the body of an answer that began well. */
type BodyFault = Extract<TransientFault, 'reset' | 'truncated' | 'wrong-bytes' | 'slow-drip'>;

interface BodyContext {
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

/** Writes every chunk at the speed the peer reads; false: the peer went away in the middle. */
async function writeChunks(response: ServerResponse, chunks: Iterable<Uint8Array>): Promise<boolean> {
  for (const chunk of chunks) {
    if (response.destroyed) return false;
    if (!response.write(chunk)) await drained(response);
  }
  return !response.destroyed;
}

/** The same, in pieces of `pieceBytes` with a wait after each. */
async function dripChunks(
  response: ServerResponse,
  chunks: Iterable<Uint8Array>,
  drip: { pieceBytes: number; pauseMs: number; wait: Wait; signal: AbortSignal },
): Promise<boolean> {
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += drip.pieceBytes) {
      if (response.destroyed || drip.signal.aborted) return false;
      response.write(chunk.subarray(start, start + drip.pieceBytes));
      await drip.wait(drip.pauseMs, drip.signal);
    }
  }
  return !response.destroyed;
}

/** Ends an answer properly; false: the peer went away before the last byte was handed over. */
export function endAnswer(response: ServerResponse, body?: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve(false);
      return;
    }
    response.once('close', () => {
      resolve(response.writableFinished);
    });
    response.once('finish', () => {
      resolve(true);
    });
    response.end(body);
  });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/** Bytes `start` to `end`, the end excluded. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `Range` header against an object of `bytes`. Undefined: there is none, or none that must be honoured
 * (another unit, several ranges), so the whole object is the answer. RFC 9110, section 14.
 */
export function parseByteRange(
  header: string | undefined,
  bytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'unsatisfiable' : { start: bytes - length, end: bytes };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= bytes) return 'unsatisfiable';
  return { start, end: last === '' ? bytes : Math.min(Number(last) + 1, bytes) };
}
