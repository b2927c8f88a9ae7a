import { Type } from 'typebox';
import { CallHistory } from '../../contract/calls.js';
import { parametersOf } from '../../contract/page.js';
import type { AuditRecord } from '../../store/audit-log.js';
import { answers, type Api } from '../api.js';
import type { CallArea } from '../areas.js';
import { known, toInstant } from '../json-values.js';
import { unknownCall } from './call-routes.js';

const maxItems = 200;
/** A call has one recording, rarely a few: of more, the first are looked at. */
const maxRecordings = 20;

/** What people did with one call and its recordings, of the audit log. */
export function addHistoryRoute(api: Api, { calls, auditLogReader }: CallArea): void {
  api.get(
    '/api/v1/calls/:callId/history',
    {
      config: { right: 'view' },
      schema: {
        tags: ['calls'],
        summary: 'Who looked at a call, heard or took its recordings, or changed it; newest first',
        params: Type.Object({ callId: Type.String() }),
        querystring: parametersOf({}),
        response: answers(200, CallHistory),
      },
    },
    async ({ params: { callId } }): Promise<CallHistory> => {
      const call = await calls.get(callId);
      if (!call) throw unknownCall();
      const subjects = [
        { subjectKind: 'call', subjectId: callId },
        ...call.recordings.slice(0, maxRecordings).map(({ id }) => ({
          ...{ subjectKind: 'recording', subjectId: id },
        })),
      ];
      const pages = await Promise.all(
        subjects.map((subject) => auditLogReader.list({ ...subject, limit: maxItems })),
      );
      const records = pages.flatMap(({ items }) => items).toSorted((a, b) => b.seq - a.seq);
      return { items: lastOfEachListen(records).slice(0, maxItems).map(toItemJson) };
    },
  );
}

/** Each record of a listen holds all of it: the newest is the one to show. */
function lastOfEachListen(newestFirst: readonly AuditRecord[]): AuditRecord[] {
  const seen = new Set<string>();
  return newestFirst.filter(({ action, actor, subject, detail }) => {
    if (action !== 'recording.heard') return true;
    const listen = JSON.stringify([actor.id, subject?.id, detail?.['listenId']]);
    if (seen.has(listen)) return false;
    seen.add(listen);
    return true;
  });
}

function toItemJson({ at, action, actor, subject, detail }: AuditRecord): CallHistory['items'][number] {
  const seconds = detail?.['seconds'];
  return known({
    at: toInstant(at),
    action,
    actor: actor.name,
    actorKind: actor.kind,
    recordingId: subject?.kind === 'recording' ? subject.id : undefined,
    seconds: typeof seconds === 'number' ? seconds : undefined,
  });
}
