import { setTimeout as wait } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../domain/errors.js';
import { gateOf } from './request-gate.js';

/** One part of an upload, in the order of arrival; the next comes once this one has been read. */
export interface UploadPart {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** More than any upload of ours has; the reader of the parts refuses the third. */
const maxParts = 8;
/** What is still coming of an upload that was refused, and is read so that its sender hears why. */
const drainedBytes = 16 * 1024 * 1024;
const drainMs = 2_000;

/** Requests of `multipart/form-data` are left unread, for `readUpload`. */
export function acceptUploads(app: FastifyInstance): void {
  app.register(multipart, {
    // How large a part may be is for its reader to say, while it streams.
    limits: { parts: maxParts, files: maxParts, fileSize: Infinity, fieldNameSize: 100 },
  });
}

/**
 * Hands the parts of an upload to `read` as they arrive. An upload may take as long as it moves: the time that a
 * request may take does not hold for it. Where `read` refuses, the rest is read away, up to a bound.
 * Rejects with `body-invalid` where the request is no upload, or breaks off.
 */
export async function readUpload<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  read: (parts: AsyncIterable<UploadPart>) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart()) throw new AppError('body-invalid', 'Send multipart/form-data.');
  const { raw } = request;
  const endUpload = gateOf(raw.socket)?.beginUpload();
  try {
    return await read(toParts(request));
  } catch (error) {
    await drain(raw);
    // Behind a body that was not read to its end, the next request cannot be found.
    if (!raw.complete) reply.header('connection', 'close');
    throw error;
  } finally {
    endUpload?.();
  }
}

async function* toParts(request: FastifyRequest): AsyncGenerator<UploadPart> {
  // Every part is taken as a stream of bytes: a JSON field would come parsed, and lose digits.
  const parts = request.parts({ isPartAFile: () => true });
  try {
    for await (const part of parts) {
      if (part.type === 'file') yield { name: part.fieldname, bytes: toBytes(part.file) };
    }
  } catch (error) {
    throw toRefusal(error);
  }
}

async function* toBytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw toRefusal(error);
  }
}

/** Whatever the parser meets is wrong with what was sent. */
function toRefusal(cause: unknown): AppError {
  return new AppError('body-invalid', 'The upload is no well-formed multipart/form-data, or broke off.', {
    cause,
  });
}

async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  request.unpipe();
  const stop = new AbortController();
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > drainedBytes) stop.abort();
  };
  const end = (): void => {
    stop.abort();
  };
  request.on('data', onData).once('end', end).once('close', end).resume();
  await wait(drainMs, undefined, { signal: stop.signal }).catch(() => undefined);
  request.off('data', onData).off('end', end).off('close', end);
}
