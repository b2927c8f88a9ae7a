import { Type } from 'typebox';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import { Recording, RecordingDetail, RecordingPage, RecordingParameters } from '../../contract/recordings.js';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../domain/errors.js';
import type { RecordingsReader, RecordingsWriter } from '../../store/recordings.js';
import type { Api } from '../api.js';
import { fromRecordingCursor, toRecordingCursor } from '../cursor.js';
import { known } from '../known.js';
import { toRecordingDetailJson, toRecordingJson } from '../recording-json.js';
import { answers } from './answers.js';

export interface RecordingRoutesDeps {
  readonly recordings: Pick<RecordingsReader, 'list' | 'get' | 'attempts'>;
  readonly recordingsWriter: Pick<RecordingsWriter, 'retryNow'>;
  readonly clock: Clock;
}

export const RecordingId = Type.Object({ id: Type.String() });

export function unknownRecording(): AppError {
  return new AppError('recording-unknown', 'No recording has this id.');
}

export function addRecordingRoutes(api: Api, deps: RecordingRoutesDeps): void {
  const { recordings, recordingsWriter, clock } = deps;
  const tags = ['recordings'];

  api.get(
    '/api/v1/recordings',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'List recordings, the earliest deadline first',
        querystring: RecordingParameters,
        response: answers(200, RecordingPage),
      },
    },
    async (request): Promise<RecordingPage> => {
      const { limit = defaultLimit, cursor, ...filters } = request.query;
      const after = cursor === undefined ? undefined : fromRecordingCursor(cursor);
      const { items, next } = await recordings.list(known({ ...filters, limit, after }));
      return known({ items: items.map(toRecordingJson), nextCursor: next && toRecordingCursor(next) });
    },
  );

  api.get(
    '/api/v1/recordings/:id',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'One recording with its attempts',
        params: RecordingId,
        querystring: parametersOf({}),
        response: answers(200, RecordingDetail),
      },
    },
    async (request): Promise<RecordingDetail> => {
      const { id } = request.params;
      const [recording, attempts] = await Promise.all([recordings.get(id), recordings.attempts(id)]);
      if (!recording) throw unknownRecording();
      return toRecordingDetailJson(recording, attempts);
    },
  );

  api.post(
    '/api/v1/recordings/:id/retry',
    {
      config: { right: 'operate', audit: 'recording.retried' },
      schema: {
        tags,
        summary: 'Try the download again now',
        description: 'Needs no body. 409 while an attempt runs, and once the recording is archived.',
        params: RecordingId,
        querystring: parametersOf({}),
        response: answers(202, Recording),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const answer = await recordingsWriter.retryNow(id, clock());
      switch (answer) {
        case 'unknown':
          throw unknownRecording();
        case 'running':
          throw new AppError('attempt-running', 'An attempt at this recording is running already.');
        case 'archived':
          throw new AppError('recording-archived-already', 'The audio of this recording is kept already.');
        case 'not-downloadable':
          throw new AppError(
            'recording-not-downloadable',
            'This recording was published here and deleted since.',
          );
        case 'accepted': {
          const recording = await recordings.get(id);
          if (!recording) throw unknownRecording();
          return reply.code(202).send(toRecordingJson(recording));
        }
      }
    },
  );
}
