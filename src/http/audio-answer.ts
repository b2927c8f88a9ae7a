import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asset } from '../domain/recording.js';
import { AppError } from '../domain/errors.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { dispositionOf, etagOf, mediaTypeOf } from '../domain/audio-headers.js';
import { namesTag, readRange } from './byte-range.js';

/**
 * Answers GET or HEAD with an asset: Range, If-Range, If-None-Match and a strong ETag. Bytes travel from the
 * storage to the socket as a stream: memory stays flat at any size. Rejects with `asset-missing` or
 * `range-unsatisfiable` (Content-Range is set then).
 */
export async function answerWithAudio(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: Asset,
  assets: Pick<AssetStorage, 'read' | 'size'>,
): Promise<FastifyReply> {
  await checkPresence(asset, assets);
  const etag = etagOf(asset);
  describe(reply, asset);
  // RFC 9110, section 13.2.2: the reader's copy first, then whether its half is of the same bytes.
  if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  // Range means something with GET only (section 14.2), and HEAD would open the audio to throw it away.
  if (request.method === 'HEAD') return reply.header('content-length', asset.bytes).send();
  const ifRange = request.headers['if-range'];
  const sameBytes = ifRange === undefined || ifRange === etag;
  const range = sameBytes ? readRange(request.headers.range, asset.bytes) : undefined;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${asset.bytes}`);
    throw new AppError('range-unsatisfiable', `The audio has ${asset.bytes} bytes.`);
  }
  if (!range) {
    reply.header('content-length', asset.bytes);
    return reply.send(await assets.read(asset.fileName));
  }
  reply.code(206);
  reply.header('content-length', range.end - range.start + 1);
  reply.header('content-range', `bytes ${range.start}-${range.end}/${asset.bytes}`);
  return reply.send(await assets.read(asset.fileName, range));
}

/** A file cut short would break off in the middle of an answer that had announced more. */
export async function checkPresence(asset: Asset, assets: Pick<AssetStorage, 'size'>): Promise<void> {
  const bytes = await assets.size(asset.fileName);
  if (bytes === asset.bytes) return;
  throw new AppError('asset-missing', 'The archived audio is gone from the storage, or has another size.');
}

function describe(reply: FastifyReply, asset: Asset): void {
  reply
    .header('accept-ranges', 'bytes')
    .header('etag', etagOf(asset))
    // Kept by the listener's browser, but asked for again each time: a key or a recording may be gone since.
    .header('cache-control', 'private, no-cache')
    .header('content-type', mediaTypeOf(asset.container))
    .header('content-disposition', dispositionOf(asset.fileName))
    .header('x-content-type-options', 'nosniff');
}
