import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import { toSafeId } from '../../domain/asset-file-name.js';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../domain/errors.js';
import type { AssetStorage } from '../../storage/asset-storage.js';
import type { JournalReader } from '../../store/journal.js';
import type { RecordingsReader, RecordingsWriter } from '../../store/recordings.js';
import type { Api } from '../api.js';
import { otherAnswers } from './answers.js';
import { RecordingId, unknownRecording } from './recording-routes.js';

export interface RemovalRouteDeps {
  readonly recordings: Pick<RecordingsReader, 'get'>;
  readonly recordingsWriter: Pick<RecordingsWriter, 'remove'>;
  readonly journal: Pick<JournalReader, 'ofCall'>;
  readonly assets: Pick<AssetStorage, 'openDraft' | 'remove'>;
  readonly clock: Clock;
}

/**
 * Deletes audio for good. The recording is `deleted` first, so that nothing ever claims to be archived that is not
 * there, and its links are dead at once; then its file goes, and whatever a download had left unfinished. Whoever
 * got no answer asks again: what an interrupted request left of the audio goes then.
 */
export function addRemovalRoute(api: Api, deps: RemovalRouteDeps): void {
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
