import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import type { Asset } from '../../domain/recording.js';
import { AppError } from '../../domain/errors.js';
import type { AssetStorage } from '../../storage/asset-storage.js';
import type { RecordingsReader } from '../../store/recordings.js';
import type { Api } from '../api.js';
import { dispositionOf, etagOf, mediaTypeOf } from '../audio-headers.js';
import { namesTag, readRange } from '../byte-range.js';
import { answers, otherAnswers } from './answers.js';
import { RecordingId, unknownRecording } from './recording-routes.js';

export interface AudioRoutesDeps {
  readonly recordings: Pick<RecordingsReader, 'get'>;
  readonly assets: Pick<AssetStorage, 'read' | 'size'>;
}

/** Bytes travel from the storage to the socket as a stream: memory stays flat at any size. */
export function addAudioRoutes(api: Api, { recordings, assets }: AudioRoutesDeps): void {
  api.get(
    '/api/v1/recordings/:id/audio',
    {
      exposeHeadRoute: false,
      schema: {
        ...description,
        summary: 'The archived audio; HEAD, Range, If-Range and If-None-Match as usual',
        response: audioAnswers,
      },
    },
    async (request, reply) => {
      const asset = await findAsset(request.params.id);
      const etag = etagOf(asset);
      describe(reply, asset);
      // RFC 9110, section 13.2.2: the reader's copy first, then whether its half is of the same bytes.
      if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
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
    },
  );

  // Not the one that Fastify derives of GET: that would open the audio to throw it away.
  api.head(
    '/api/v1/recordings/:id/audio',
    { schema: { ...description, response: answers(200, Type.Null()) } },
    async (request, reply) => {
      const asset = await findAsset(request.params.id);
      describe(reply, asset);
      if (namesTag(request.headers['if-none-match'], etagOf(asset))) return reply.code(304).send();
      return reply.header('content-length', asset.bytes).send();
    },
  );

  async function findAsset(id: string): Promise<Asset> {
    const recording = await recordings.get(id);
    if (!recording) throw unknownRecording();
    const { asset, state } = recording;
    if (!asset)
      throw new AppError('recording-not-archived', `The recording is ${state}; no audio of it is archived.`);
    // A file cut short would break off in the middle of an answer that had announced more.
    const bytes = await assets.size(asset.fileName);
    if (bytes !== asset.bytes) {
      throw new AppError(
        'asset-missing',
        'The archived audio is gone from the storage, or has another size.',
      );
    }
    return asset;
  }
}

function describe(reply: FastifyReply, asset: Asset): void {
  reply
    .header('accept-ranges', 'bytes')
    .header('etag', etagOf(asset))
    // Kept by the listener's browser, but asked for again each time: a key may have been removed since.
    .header('cache-control', 'private, no-cache')
    .header('content-type', mediaTypeOf(asset.container))
    .header('content-disposition', dispositionOf(asset.fileName))
    .header('x-content-type-options', 'nosniff');
}

const description = {
  tags: ['recordings'],
  params: RecordingId,
  querystring: parametersOf({}),
};

const audio = { 'audio/*': { schema: Type.String({ format: 'binary' }) } };
const audioAnswers = otherAnswers({
  200: { description: 'The archived bytes, with a strong ETag.', content: audio },
  206: {
    description: 'The bytes that Range asked for; several ranges are answered with the whole.',
    content: audio,
  },
  304: Type.Null({ description: 'If-None-Match names the bytes there are.' }),
});
