import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../domain/errors.js';
import type { AssetStorage } from '../storage/asset-storage.js';

/** Bytes of the storage as an answer; that they are there has been asked. */
export interface AnsweredFile {
  /** In the storage. */
  readonly fileName: string;
  readonly bytes: number;
  /** Strong: the same tag means the same bytes. */
  readonly etag: string;
  readonly mediaType: string;
  readonly disposition: string;
}

/**
 * Answers GET or HEAD with a file: Range, If-Range, If-None-Match and a strong ETag. Bytes travel from the storage to
 * the socket as a stream: memory stays flat at any size. Rejects with `range-unsatisfiable` (Content-Range is set then).
 */
export async function answerWithFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: AnsweredFile,
  storage: Pick<AssetStorage, 'read'>,
): Promise<FastifyReply> {
  const { fileName, bytes, etag } = file;
  describe(reply, file);
  // RFC 9110, section 13.2.2: the reader's copy first, then whether its half is of the same bytes.
  if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  // Range means something with GET only (section 14.2), and HEAD would open the file to throw it away.
  if (request.method === 'HEAD') return reply.header('content-length', bytes).send();
  const ifRange = request.headers['if-range'];
  const sameBytes = ifRange === undefined || ifRange === etag;
  const range = sameBytes ? readRange(request.headers.range, bytes) : undefined;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${bytes}`);
    throw new AppError('range-unsatisfiable', `There are ${bytes} bytes.`);
  }
  if (!range) {
    reply.header('content-length', bytes);
    return reply.send(await storage.read(fileName));
  }
  reply.code(206);
  reply.header('content-length', range.end - range.start + 1);
  reply.header('content-range', `bytes ${range.start}-${range.end}/${bytes}`);
  return reply.send(await storage.read(fileName, range));
}

function describe(reply: FastifyReply, { etag, mediaType, disposition }: AnsweredFile): void {
  reply
    .header('accept-ranges', 'bytes')
    .header('etag', etag)
    // Kept by the reader's browser, but asked for again each time: a right or the file may be gone since.
    .header('cache-control', 'private, no-cache')
    .header('content-type', mediaType)
    .header('content-disposition', disposition)
    .header('x-content-type-options', 'nosniff');
}

/** Bytes `start` to `end`, both inclusive, as in Content-Range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a Range header asks of `size` bytes (RFC 9110, section 14): one range; `unsatisfiable`; or undefined,
 * which means everything: no header, another unit, a form that must be ignored, or several ranges, which a
 * server may answer with the whole.
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first === '') return readSuffix(Number(last), size);
  const start = Number(first);
  const end = last === '' ? Infinity : Number(last);
  if (end < start) return undefined;
  if (start >= size) return 'unsatisfiable';
  return { start, end: Math.min(end, size - 1) };
}

/** The last `length` bytes, or all of them where there are fewer. */
function readSuffix(length: number, size: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || size === 0) return 'unsatisfiable';
  return { start: Math.max(0, size - length), end: size - 1 };
}

/** Whether an If-None-Match header names this strong ETag; weak comparison, as RFC 9110 wants it there. */
export function namesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
