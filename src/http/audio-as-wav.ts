import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { AppError } from '../domain/errors.js';
import type { Asset } from '../domain/recording.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { checkPresence } from './audio-answer.js';

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
