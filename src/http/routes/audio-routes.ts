import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import type { Asset } from '../../domain/recording.js';
import { AppError } from '../../domain/errors.js';
import type { AssetStorage } from '../../storage/asset-storage.js';
import type { RecordingsReader } from '../../store/recordings.js';
import type { Api } from '../api.js';
import { answerOrRedirect } from '../audio-redirect.js';
import { answers, otherAnswers } from './answers.js';
import { RecordingId, unknownRecording } from './recording-routes.js';

export interface AudioRoutesDeps {
  readonly recordings: Pick<RecordingsReader, 'get'>;
  readonly assets: Pick<AssetStorage, 'read' | 'size' | 'presign'>;
}

export function addAudioRoutes(api: Api, { recordings, assets }: AudioRoutesDeps): void {
  api.get(
    '/api/v1/recordings/:id/audio',
    {
      config: { right: 'listen' },
      exposeHeadRoute: false,
      schema: {
        ...description,
        summary: 'The archived audio; HEAD, Range, If-Range and If-None-Match as usual',
        response: audioAnswers,
      },
    },
    async (request, reply) => answerOrRedirect(request, reply, await findAsset(request.params.id), assets),
  );

  // Not the one that Fastify derives of GET: that would open the audio to throw it away.
  api.head(
    '/api/v1/recordings/:id/audio',
    {
      config: { right: 'listen' },
      schema: { ...description, response: answers(200, Type.Null()) },
    },
    async (request, reply) => answerOrRedirect(request, reply, await findAsset(request.params.id), assets),
  );

  async function findAsset(id: string): Promise<Asset> {
    const recording = await recordings.get(id);
    if (!recording) throw unknownRecording();
    const { asset, state } = recording;
    if (asset) return asset;
    throw new AppError('recording-not-archived', `The recording is ${state}; no audio of it is archived.`);
  }
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
  307: Type.Null({
    description: 'Where recordings are in an object storage that listeners reach: a link to the audio there.',
  }),
});
