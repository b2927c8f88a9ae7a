import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asset } from '../domain/recording.js';
import { AppError } from '../domain/errors.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { dispositionOf, etagOf, mediaTypeOf } from '../domain/audio-headers.js';
import { answerWithFile, namesTag } from './file-answer.js';

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
async function checkPresence(asset: Asset, assets: Pick<AssetStorage, 'size'>): Promise<void> {
  const bytes = await assets.size(asset.fileName);
  if (bytes === asset.bytes) return;
  throw new AppError('asset-missing', 'The archived audio is gone from the storage, or has another size.');
}

/** Long enough to begin to listen, and to go on by Range for a while; later requests get a new link. */
const linkSeconds = 300;

export interface AudioWay {
  /** Whether a link may be handed out that anybody could use. */
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

/** Decodes on the fly what browsers do not play; absent where this machine has no ffmpeg. */
export type ConvertAudio = (file: AsyncIterable<Uint8Array>) => Readable;

/** Each is a process that computes; listeners are few. */
const atOnce = 4;
let running = 0;

/**
 * The audio as a WAV file, made while it is sent: without a length, and from the beginning only. Rejects with
 * `conversion-unavailable`, `asset-missing`.
 */
export async function answerAsWav(
  reply: FastifyReply,
  asset: Asset,
  assets: Pick<AssetStorage, 'read' | 'size'>,
  convert: ConvertAudio | undefined,
): Promise<FastifyReply> {
  if (!convert) throw new AppError('conversion-unavailable', 'There is no ffmpeg where this process runs.');
  if (running >= atOnce)
    throw new AppError('conversion-unavailable', `${atOnce} are being made at this moment.`);
  await checkPresence(asset, assets);
  const wav = convert(await assets.read(asset.fileName));
  running += 1;
  wav.once('close', () => {
    running -= 1;
  });
  // A file of which nothing can be made is told so, and not as an empty one.
  await Promise.race([once(wav, 'readable'), once(wav, 'end'), once(wav, 'close')]);
  if (wav.readableLength === 0) {
    wav.destroy();
    throw new AppError('conversion-unavailable', 'ffmpeg makes nothing of this file.');
  }
  return reply
    .header('content-type', 'audio/wav')
    .header('cache-control', 'private, no-store')
    .header('x-content-type-options', 'nosniff')
    .send(wav);
}
