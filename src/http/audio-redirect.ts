import type { FastifyReply, FastifyRequest } from 'fastify';
import { dispositionOf, etagOf, mediaTypeOf } from '../domain/audio-headers.js';
import type { Asset } from '../domain/recording.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { answerWithAudio, checkPresence } from './audio-answer.js';
import { namesTag } from './byte-range.js';

/** Long enough to begin to listen, and to go on by Range for a while; whoever comes later asks here again. */
const linkSeconds = 300;

export interface AudioWay {
  /** Whether whoever asks may be sent elsewhere: they get a link then that anybody could use. */
  readonly mayRedirect: boolean;
  /** To be saved, or to be heard. */
  readonly form: 'inline' | 'attachment';
}

/**
 * As `answerWithAudio`; where the storage has links of its own, 307 to one of them, so that the bytes do not pass
 * through here. What needs no bytes is answered here all the same.
 */
export async function answerOrRedirect(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: Asset,
  assets: Pick<AssetStorage, 'read' | 'size' | 'presign'>,
  { mayRedirect, form }: AudioWay,
): Promise<FastifyReply> {
  const needsBytes = request.method === 'GET' && !namesTag(request.headers['if-none-match'], etagOf(asset));
  if (!assets.presign || !needsBytes || !mayRedirect) {
    return answerWithAudio(request, reply, asset, assets, form);
  }
  await checkPresence(asset, assets);
  const link = await assets.presign(asset.fileName, {
    expiresInSeconds: linkSeconds,
    contentType: mediaTypeOf(asset.container),
    contentDisposition: dispositionOf(asset.fileName, form),
  });
  return reply.code(307).header('location', link).header('cache-control', 'no-store').send();
}
