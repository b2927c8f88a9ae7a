import { Type } from 'typebox';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import { AcknowledgementRequest } from '../../contract/acknowledgements.js';
import {
  ListedRecording,
  Recording,
  RecordingDetail,
  RecordingPage,
  RecordingParameters,
} from '../../contract/recordings.js';
import { AppError } from '../../domain/errors.js';
import { StorageError } from '../../storage/asset-storage.js';
import type { Acknowledgements } from '../../store/reviews.js';
import type * as store from '../../store/recordings.js';
import { readAcknowledgement, withAcknowledgements } from '../acknowledged.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { RecordingArea } from '../areas.js';
import { fromRecordingCursor, toRecordingCursor } from '../cursor.js';
import { known } from '../json-values.js';
import { toRecordingDetailJson, toRecordingJson } from '../call-json.js';
import { toSafeId } from '../../domain/asset-file-name.js';

export const RecordingId = Type.Object({ id: Type.String() });

export function unknownRecording(): AppError {
  return new AppError('recording-unknown', 'No recording has this id.');
}

const tags = ['recordings'];
const schemaOfOne = { tags, params: RecordingId, querystring: parametersOf({}) };

export function addRecordingRoutes(api: Api, deps: RecordingArea): void {
  addRecordingLists(api, deps);
  addRetry(api, deps);
  addAcknowledging(api, deps);
}

function addRecordingLists(api: Api, { recordings, acknowledgements }: RecordingArea): void {
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
      const { limit = defaultLimit, cursor, acknowledged, ...filters } = request.query;
      const after = cursor === undefined ? undefined : fromRecordingCursor(cursor);
      const { items, next } = await recordings.list(
        known({ ...filters, limit, after, isUnacknowledged: acknowledged && true }),
      );
      return known({
        items: await toListed(items, acknowledgements),
        nextCursor: next && toRecordingCursor(next),
      });
    },
  );

  api.get(
    '/api/v1/recordings/:id',
    {
      config: { right: 'view' },
      schema: {
        ...schemaOfOne,
        summary: 'One recording with its attempts',
        response: answers(200, RecordingDetail),
      },
    },
    async (request): Promise<RecordingDetail> => {
      const { id } = request.params;
      const [recording, attempts] = await Promise.all([recordings.get(id), recordings.attempts(id)]);
      if (!recording) throw unknownRecording();
      const [listed] = await toListed([recording], acknowledgements);
      return { ...toRecordingDetailJson(recording, attempts), ...listed };
    },
  );
}

/** Of an archived recording all bytes are read: one that is missing or damaged is fetched again, and no other. */
async function retry(
  id: string,
  { recordings, recordingsWriter, compareAsset, clock }: RecordingArea,
): Promise<store.RetryAnswer> {
  const answer = await recordingsWriter.retryNow(id, clock());
  const asset = answer === 'archived' ? (await recordings.get(id))?.asset : undefined;
  if (!asset) return answer;
  const difference = await compareAsset(asset);
  if (difference === undefined) return answer;
  if (difference === 'unreadable') throw new StorageError('io-failed', `reading ${asset.fileName} again`);
  return recordingsWriter.retryNow(id, clock(), asset.sha256);
}

function addRetry(api: Api, deps: RecordingArea): void {
  api.post(
    '/api/v1/recordings/:id/retry',
    {
      config: { right: 'operate', audit: 'recording.retried' },
      schema: {
        ...schemaOfOne,
        summary: 'Try the download again now',
        description:
          'Needs no body. Of an archived recording all bytes are read; where they are missing or damaged and its link ' +
          'still lives, it is fetched again, and what is there stays until the new bytes are whole. 409 where nothing ' +
          'is wrong with them, and while an attempt runs.',
        response: answers(202, Recording),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      switch (await retry(id, deps)) {
        case 'unknown':
          throw unknownRecording();
        case 'running':
          throw new AppError('attempt-running', 'An attempt at this recording is running already.');
        case 'archived':
          throw new AppError('recording-archived-already', 'The audio of this recording is kept already.');
        case 'not-downloadable':
          throw new AppError(
            'recording-not-downloadable',
            'The link of this recording is over, or it was published here and has none.',
          );
        case 'accepted': {
          const recording = await deps.recordings.get(id);
          if (!recording) throw unknownRecording();
          return reply.code(202).send(toRecordingJson(recording));
        }
      }
    },
  );
}

function addAcknowledging(api: Api, { recordings, acknowledgements, clock }: RecordingArea): void {
  api.post(
    '/api/v1/recordings/:id/acknowledge',
    {
      config: {
        right: 'operate',
        audit: 'recording.acknowledged',
        documentedBody: AcknowledgementRequest,
      },
      schema: {
        ...schemaOfOne,
        summary: 'Say that a lost recording will not come any more, and why',
        description:
          'It stays lost and counts nowhere any more, until its download is tried again. 409 for one that is not lost.',
        response: answers(200, ListedRecording),
      },
    },
    async (request): Promise<ListedRecording> => {
      const { id } = request.params;
      const acknowledgement = readAcknowledgement(request, clock());
      const answer = await acknowledgements.acknowledgeRecording(id, acknowledgement);
      if (answer === 'other-state') {
        throw new AppError('recording-not-lost', 'Only the loss of a recording can be acknowledged.');
      }
      const recording = answer === 'unknown' ? undefined : await recordings.get(id);
      const [listed] = recording ? await toListed([recording], acknowledgements) : [];
      if (!listed) throw unknownRecording();
      request.noteForAudit({ detail: { reason: acknowledgement.reason } });
      return listed;
    },
  );
}

async function toListed(
  recordings: readonly store.Recording[],
  { ofRecordings }: Pick<Acknowledgements, 'ofRecordings'>,
): Promise<ListedRecording[]> {
  const lost = recordings.filter(({ state }) => state === 'lost');
  return withAcknowledgements(recordings.map(toRecordingJson), await ofRecordings(lost.map(({ id }) => id)));
}

/**
 * Deletes audio for good. The recording is `deleted` first, so that nothing ever claims to be archived that is not
 * there, and its links are dead at once; then its file goes, and whatever a download had left unfinished. Whoever
 * got no answer asks again: what an interrupted request left of the audio goes then.
 */
export function addRemovalRoute(api: Api, deps: RecordingArea): void {
  const { recordings, recordingsWriter, journal, assets, clock } = deps;

  api.delete(
    '/api/v1/recordings/:id',
    {
      config: { right: 'operate', audit: 'recording.deleted' },
      schema: {
        tags: ['recordings'],
        summary: "Delete a recording's audio for good",
        description:
          'The recording stays as `deleted`, and no fresh link revives it; links to it are dead at once. 409 while an attempt runs. Harmless when repeated.',
        params: RecordingId,
        querystring: parametersOf({}),
        response: otherAnswers({ 204: Type.Null({ description: 'It is gone.' }) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const answer = await recordingsWriter.remove(id, clock());
      switch (answer.kind) {
        case 'unknown':
          throw unknownRecording();
        case 'running':
          throw new AppError(
            'attempt-running',
            'An attempt at this recording is running; delete it afterwards.',
          );
        case 'removed': {
          const fileName = answer.fileName ?? (await findForgottenFile(id));
          if (fileName !== undefined) await assets.remove(fileName);
          await (await assets.openDraft(toSafeId(id))).abandon();
          return reply.code(204).send();
        }
      }
    },
  );

  /** The file that a recording without an asset once had: the journal remembers it, and it may still be there. */
  async function findForgottenFile(id: string): Promise<string | undefined> {
    const recording = await recordings.get(id);
    if (recording?.state !== 'deleted') return undefined;
    let fileName: string | undefined;
    for (const { type, text } of await journal.ofCall(recording.callId, true)) {
      if (type !== 'recording.archived') continue;
      const event = JSON.parse(text) as { readonly recordingId: string; readonly fileName: string };
      if (event.recordingId === id) fileName = event.fileName;
    }
    return fileName;
  }
}
