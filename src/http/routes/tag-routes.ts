import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import { CallTags, TagList, TagName } from '../../contract/reviews.js';
import { answers, type Api } from '../api.js';
import type { CallArea } from '../areas.js';
import { unknownCall } from './call-routes.js';

/** Words that people sort calls by. */
export function addTagRoutes(api: Api, { tags, clock }: CallArea): void {
  const schema = {
    tags: ['reviews'],
    params: Type.Object({
      callId: Type.String({ description: 'Percent-encoded.' }),
      tag: TagName,
    }),
    querystring: parametersOf({}),
    response: answers(200, CallTags),
  };
  const tagsOf = async (callId: string): Promise<CallTags> => ({
    tags: (await tags.ofCalls([callId])).get(callId) ?? [],
  });

  api.put(
    '/api/v1/calls/:callId/tags/:tag',
    {
      config: { right: 'review', audit: 'tag.added' },
      schema: {
        ...schema,
        summary: 'Give a call a tag',
        description: 'Needs no body; harmless when repeated.',
      },
    },
    async (request): Promise<CallTags> => {
      const { callId } = request.params;
      const tag = request.params.tag.normalize();
      if ((await tags.add(callId, tag, request.actor.id, clock())) === 'call-unknown') throw unknownCall();
      request.noteForAudit({ subject: { kind: 'call', id: callId }, detail: { tag } });
      return await tagsOf(callId);
    },
  );

  api.delete(
    '/api/v1/calls/:callId/tags/:tag',
    {
      config: { right: 'review', audit: 'tag.removed' },
      schema: { ...schema, summary: 'Take a tag from a call', description: 'Harmless when repeated.' },
    },
    async (request): Promise<CallTags> => {
      const { callId } = request.params;
      const tag = request.params.tag.normalize();
      const isRemoved = await tags.remove(callId, tag);
      request.noteForAudit(isRemoved ? { subject: { kind: 'call', id: callId }, detail: { tag } } : null);
      return await tagsOf(callId);
    },
  );

  api.get(
    '/api/v1/tags',
    {
      config: { right: 'view' },
      schema: {
        tags: ['reviews'],
        summary: 'Every tag in use',
        querystring: parametersOf({}),
        response: answers(200, TagList),
      },
    },
    async (): Promise<TagList> => ({ items: await tags.list() }),
  );
}
