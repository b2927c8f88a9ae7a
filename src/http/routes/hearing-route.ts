import { Type } from 'typebox';
import { HearingTracker } from '../../access/hearing-tracker.js';
import { HearingReport } from '../../contract/calls.js';
import { parametersOf } from '../../contract/page.js';
import { type Api, otherAnswers } from '../api.js';
import type { RecordingArea } from '../areas.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { RecordingId, unknownRecording } from './recording-routes.js';

/** A player reports what was heard: the audit log keeps it. */
export function addHearingRoute(api: Api, { recordings, auditLogReader }: RecordingArea): void {
  const book = new HearingTracker(auditLogReader);

  api.post(
    '/api/v1/recordings/:id/heard',
    {
      config: { right: 'listen', audit: 'recording.heard', documentedBody: HearingReport },
      schema: {
        tags: ['recordings'],
        summary: 'Tell which stretches of a recording were heard',
        description:
          'As often as there is something to tell, with the same `listenId`; what was told before need not be told again.',
        params: RecordingId,
        querystring: parametersOf({}),
        response: otherAnswers({ 204: Type.Null({ description: 'It is in the audit log.' }) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const body = checkShape(HearingReport, readJsonObject(sentBody(request)), 'body-invalid');
      const recording = await recordings.get(id);
      if (!recording) throw unknownRecording();
      const end = recording.asset?.seconds ?? Infinity;
      const listen = { actorId: request.actor.id, recordingId: id, listenId: body.listenId };
      const stretches = body.stretches.map(({ from, to }) => [from, Math.min(to, end)] as const);
      const heard = await book.add(listen, stretches);
      if (!heard) request.noteForAudit(null);
      else {
        request.noteForAudit({
          detail: { callId: recording.callId, listenId: body.listenId, ...heard },
          onWritten: () => {
            book.told(listen, heard);
          },
        });
      }
      return reply.code(204).send();
    },
  );
}
