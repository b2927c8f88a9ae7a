import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import { SavedView, SavedViewChange, SavedViewCreation, SavedViewList } from '../../contract/reviews.js';
import { AppError } from '../../domain/errors.js';
import type * as store from '../../store/reviews.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { CallArea } from '../areas.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { demand } from '../rights.js';

/** Lists of calls under a name. A view of one's own needs no right beyond looking; one for everybody needs `review`. */
export function addViewRoutes(api: Api, { savedViews, newId, clock }: CallArea): void {
  const tags = ['reviews'];
  const schemaOfOne = { tags, params: Type.Object({ id: Type.String() }), querystring: parametersOf({}) };

  api.get(
    '/api/v1/views',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: "One's own views and those for everybody",
        querystring: parametersOf({}),
        response: answers(200, SavedViewList),
      },
    },
    async ({ actor }): Promise<SavedViewList> => ({
      items: (await savedViews.list(actor.id)).map((view) => toViewJson(view, actor.id)),
    }),
  );

  api.post(
    '/api/v1/views',
    {
      config: { right: 'view', audit: 'view.created', documentedBody: SavedViewCreation },
      schema: {
        tags,
        summary: 'Keep a list under a name',
        description: 'One for everybody needs the right to `review`.',
        querystring: parametersOf({}),
        response: answers(201, SavedView),
      },
    },
    async (request, reply): Promise<SavedView> => {
      const { actor } = request;
      const body = readJsonObject(sentBody(request));
      const { name, query, isShared = false } = checkShape(SavedViewCreation, body, 'body-invalid');
      if (isShared) demand(actor, 'review');
      const owner = { ownerId: actor.id, ownerName: actor.name };
      const view = { id: newId(), ...owner, name, query, isShared, createdAt: clock() };
      await savedViews.create(view);
      request.noteForAudit({ subject: { kind: 'view', id: view.id }, detail: { name, isShared } });
      reply.code(201);
      return toViewJson(view, actor.id);
    },
  );

  api.patch(
    '/api/v1/views/:id',
    {
      config: { right: 'view', audit: 'view.changed', documentedBody: SavedViewChange },
      schema: { ...schemaOfOne, summary: "Change one's own view", response: answers(200, SavedView) },
    },
    async (request): Promise<SavedView> => {
      const { actor, params } = request;
      const change = checkShape(SavedViewChange, readJsonObject(sentBody(request)), 'body-invalid');
      if (change.isShared === true) demand(actor, 'review');
      const view = await savedViews.change(params.id, actor.id, change);
      if (!view) throw unknownView();
      request.noteForAudit({ detail: { name: view.name, isShared: view.isShared } });
      return toViewJson(view, actor.id);
    },
  );

  api.delete(
    '/api/v1/views/:id',
    {
      config: { right: 'view', audit: 'view.removed' },
      schema: {
        ...schemaOfOne,
        summary: "Remove one's own view, or any for everybody as an administrator",
        response: otherAnswers({ 204: Type.Null({ description: 'It is gone.' }) }),
      },
    },
    async ({ actor, params: { id } }, reply) => {
      const view = (await savedViews.list(actor.id)).find((listed) => listed.id === id);
      const mayRemove = view?.ownerId === actor.id || actor.rights.includes('administer');
      if (!view || !mayRemove || !(await savedViews.remove(id, view.ownerId))) throw unknownView();
      return reply.code(204).send();
    },
  );
}

function toViewJson(
  { id, name, isShared, ownerId, ownerName, query }: store.SavedView,
  actorId: string,
): SavedView {
  return { id, name, isShared, isMine: ownerId === actorId, ownerName, query };
}

function unknownView(): AppError {
  return new AppError('view-unknown', 'No view of yours has this id.');
}
