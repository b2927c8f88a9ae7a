import { Type } from 'typebox';
import { Comment, CommentChange, CommentCreation, CommentList } from '../../contract/reviews.js';
import { parametersOf } from '../../contract/page.js';
import type { Actor } from '../../domain/rights.js';
import { AppError } from '../../domain/errors.js';
import type { RecordingsReader } from '../../store/recordings.js';
import type * as store from '../../store/reviews.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { CallArea } from '../areas.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { known, toInstant, toInstantWhereKnown } from '../json-values.js';
import { unknownCall } from './call-routes.js';

const tags = ['reviews'];
const schemaOfOne = { tags, params: Type.Object({ id: Type.String() }), querystring: parametersOf({}) };

/** What people write about calls. */
export function addCommentRoutes(api: Api, deps: CallArea): void {
  addCommentsOfCall(api, deps);
  addOneComment(api, deps);
}

function addCommentsOfCall(api: Api, { comments, recordings, newId, clock }: CallArea): void {
  const schema = {
    tags,
    params: Type.Object({ callId: Type.String({ description: 'Percent-encoded.' }) }),
    querystring: parametersOf({}),
  };

  api.get(
    '/api/v1/calls/:callId/comments',
    {
      config: { right: 'view' },
      schema: { ...schema, summary: 'What was written about a call', response: answers(200, CommentList) },
    },
    async (request): Promise<CommentList> => ({
      items: (await comments.ofCall(request.params.callId)).map(toCommentJson),
    }),
  );

  api.post(
    '/api/v1/calls/:callId/comments',
    {
      config: { right: 'review', audit: 'comment.created', documentedBody: CommentCreation },
      schema: {
        ...schema,
        summary: 'Write about a call, perhaps at an instant of one of its recordings',
        response: answers(201, Comment),
      },
    },
    async (request, reply): Promise<Comment> => {
      const { callId } = request.params;
      const { text, recordingId, atSeconds } = checkShape(
        CommentCreation,
        readJsonObject(sentBody(request)),
        'body-invalid',
      );
      await refuseOtherRecording(recordingId, callId, recordings);
      if (atSeconds !== undefined && recordingId === undefined) {
        throw new AppError('body-invalid', '`atSeconds` is of a recording: `recordingId` is missing.');
      }
      const author = { authorId: request.actor.id, authorName: request.actor.name };
      const comment = known({
        ...{ id: newId(), callId, recordingId, atSeconds, text, ...author, createdAt: clock() },
      });
      if (!(await comments.add(comment))) throw unknownCall();
      request.noteForAudit({ subject: { kind: 'call', id: callId }, detail: { comment: comment.id } });
      reply.code(201);
      return toCommentJson(comment);
    },
  );
}

function addOneComment(api: Api, { comments, clock }: CallArea): void {
  api.patch(
    '/api/v1/comments/:id',
    {
      config: { right: 'review', audit: 'comment.changed', documentedBody: CommentChange },
      schema: { ...schemaOfOne, summary: "Change one's own comment", response: answers(200, Comment) },
    },
    async (request): Promise<Comment> => {
      const { id } = request.params;
      const { text } = checkShape(CommentChange, readJsonObject(sentBody(request)), 'body-invalid');
      const comment = await find(id);
      refuseOthers(comment, request.actor);
      const changed = await comments.change(id, text, clock());
      if (!changed) throw unknownComment();
      request.noteForAudit({ subject: { kind: 'call', id: comment.callId }, detail: { comment: id } });
      return toCommentJson(changed);
    },
  );

  api.delete(
    '/api/v1/comments/:id',
    {
      config: { right: 'review', audit: 'comment.removed' },
      schema: {
        ...schemaOfOne,
        summary: "Remove one's own comment, or any as an administrator",
        response: otherAnswers({ 204: Type.Null({ description: 'It is gone.' }) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const comment = await find(id);
      if (!request.actor.rights.includes('administer')) refuseOthers(comment, request.actor);
      if (!(await comments.remove(id))) throw unknownComment();
      const { callId, authorId } = comment;
      request.noteForAudit({ subject: { kind: 'call', id: callId }, detail: { comment: id, authorId } });
      return reply.code(204).send();
    },
  );

  async function find(id: string): Promise<store.Comment> {
    const comment = await comments.get(id);
    if (!comment) throw unknownComment();
    return comment;
  }
}

async function refuseOtherRecording(
  recordingId: string | undefined,
  callId: string,
  recordings: Pick<RecordingsReader, 'get'>,
): Promise<void> {
  if (recordingId === undefined || (await recordings.get(recordingId))?.callId === callId) return;
  throw new AppError('body-invalid', '`recordingId` names no recording of this call.');
}

function refuseOthers({ authorId }: store.Comment, actor: Actor): void {
  if (authorId !== actor.id) throw new AppError('comment-of-another', 'Somebody else wrote this comment.');
}

function unknownComment(): AppError {
  return new AppError('comment-unknown', 'No comment has this id.');
}

function toCommentJson(comment: store.Comment): Comment {
  return known({
    id: comment.id,
    callId: comment.callId,
    recordingId: comment.recordingId,
    atSeconds: comment.atSeconds,
    text: comment.text,
    author: { id: comment.authorId, name: comment.authorName },
    createdAt: toInstant(comment.createdAt),
    editedAt: toInstantWhereKnown(comment.editedAt),
  });
}
