import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { RecentActs } from '../../access/auditor.js';
import { parametersOf } from '../../contract/page.js';
import type { Actor } from '../../domain/rights.js';
import { AppError } from '../../domain/errors.js';
import type { Asset } from '../../domain/recording.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { RecordingArea } from '../areas.js';
import { answerAsWav, answerOrRedirect, answerWithAudio } from '../audio-answer.js';
import { demand } from '../rights.js';
import { RecordingId, unknownRecording } from './recording-routes.js';

/** A player asks for a recording again and again: it is recorded once within this time. */
const listenMs = 10 * 60 * 1000;

export function addAudioRoutes(api: Api, { recordings, assets, convertAudio, clock }: RecordingArea): void {
  const told = new RecentActs(listenMs, clock);

  api.get(
    '/api/v1/recordings/:id/audio',
    {
      config: { right: 'listen', audit: 'recording.opened' },
      exposeHeadRoute: false,
      schema: {
        ...description,
        summary: 'The archived audio; HEAD, Range, If-Range and If-None-Match as usual',
        description:
          '`download` saves it as a file, and needs the right to. `as=wav` decodes on the fly what browsers do not play, ' +
          'from its beginning and without a length, where the machine has ffmpeg.',
        response: audioAnswers,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { download = false, as } = request.query;
      if (download) demand(request.actor, 'download');
      const { asset, callId } = await findAsset(id);
      noteListen(request, download ? 'recording.downloaded' : 'recording.opened', callId, told);
      if (as === 'wav' && !download) return answerAsWav(reply, asset, assets, convertAudio);
      return answerOrRedirect(request, reply, asset, assets, {
        form: download ? 'attachment' : 'inline',
        mayRedirect: mayRedirect(request.actor, download),
      });
    },
  );

  // Not the one that Fastify derives of GET: that would open the audio to throw it away.
  api.head(
    '/api/v1/recordings/:id/audio',
    {
      config: { right: 'listen' },
      schema: { ...description, response: answers(200, Type.Null()) },
    },
    async (request, reply) => {
      const { asset } = await findAsset(request.params.id);
      const form = request.query.download === true ? 'attachment' : 'inline';
      return answerWithAudio(request, reply, asset, assets, form);
    },
  );

  async function findAsset(id: string): Promise<{ asset: Asset; callId: string }> {
    const recording = await recordings.get(id);
    if (!recording) throw unknownRecording();
    const { asset, callId, state } = recording;
    if (asset) return { asset, callId };
    throw new AppError('recording-not-archived', `The recording is ${state}; no audio of it is archived.`);
  }
}

/**
 * A link to the storage is as good as the audio, and can be passed on: it goes to those who may download. A
 * page of the console plays what comes from its own server and nothing else, so that people get one only to save it.
 */
function mayRedirect({ kind, rights }: Actor, isDownload: boolean): boolean {
  return rights.includes('download') && (kind !== 'account' || isDownload);
}

/** Once for each listen, and for each file that is saved; what continues one is part of it. */
function noteListen(
  request: FastifyRequest<{ Params: { id: string } }>,
  action: 'recording.opened' | 'recording.downloaded',
  callId: string,
  told: RecentActs,
): void {
  const { actor, session, headers, params } = request;
  const act = JSON.stringify([action, session?.session.hash ?? actor.id, params.id]);
  const isWhole = action === 'recording.downloaded' && headers.range === undefined;
  if (!isWhole && told.has(act)) {
    request.noteForAudit(null);
    return;
  }
  request.noteForAudit({
    action,
    detail: { callId },
    onWritten: () => {
      told.add(act);
    },
  });
}

const description = {
  tags: ['recordings'],
  params: RecordingId,
  querystring: parametersOf({
    as: Type.Optional(Type.Literal('wav', { description: 'To be heard as this, whatever it is.' })),
    download: Type.Optional(Type.Boolean({ description: 'To save it: the answer names a file.' })),
  }),
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
