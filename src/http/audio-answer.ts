import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asset } from '../domain/recording.js';
import { AppError } from '../domain/errors.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { dispositionOf, etagOf, mediaTypeOf } from '../domain/audio-headers.js';
import { answerWithFile } from './file-answer.js';

/** As `answerWithFile`, with an asset. Rejects with `asset-missing`, too. */
export async function answerWithAudio(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: Asset,
  assets: Pick<AssetStorage, 'read' | 'size'>,
  form: 'inline' | 'attachment' = 'inline',
): Promise<FastifyReply> {
  await checkPresence(asset, assets);
  const { fileName, bytes, container } = asset;
  const description = { mediaType: mediaTypeOf(container), disposition: dispositionOf(fileName, form) };
  return answerWithFile(request, reply, { fileName, bytes, etag: etagOf(asset), ...description }, assets);
}

/** A file cut short would break off in the middle of an answer that had announced more. */
export async function checkPresence(asset: Asset, assets: Pick<AssetStorage, 'size'>): Promise<void> {
  const bytes = await assets.size(asset.fileName);
  if (bytes === asset.bytes) return;
  throw new AppError('asset-missing', 'The archived audio is gone from the storage, or has another size.');
}
