import { Type } from 'typebox';
import { hashOfToken } from '../../access/session-token.js';
import { ApiKeyCreation, ApiKeyList, NewApiKey, type ApiKey } from '../../contract/keys.js';
import { parametersOf } from '../../contract/page.js';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../domain/errors.js';
import type * as store from '../../store/api-keys.js';
import type { Api } from '../api.js';
import { toInstant, toInstantWhereKnown } from '../instant.js';
import { checkShape, readJsonObject } from '../json-body.js';
import { known } from '../known.js';
import { sentBody } from '../sent-body.js';
import { answers, otherAnswers } from './answers.js';

export interface KeyRoutesDeps {
  readonly apiKeys: Pick<store.ApiKeys, 'list' | 'add' | 'remove'>;
  /** 32 random bytes in the alphabet of keys. */
  readonly newSecret: () => string;
  readonly clock: Clock;
}

const tags = ['keys'];

export function addKeyRoutes(api: Api, { apiKeys, newSecret, clock }: KeyRoutesDeps): void {
  api.get(
    '/api/v1/keys',
    {
      config: { right: 'administer' },
      schema: {
        tags,
        summary: "List API keys, the oldest first; the administrator's key is none of them",
        querystring: parametersOf({}),
        response: answers(200, ApiKeyList),
      },
    },
    async (): Promise<ApiKeyList> => ({ items: (await apiKeys.list()).map(toKeyJson) }),
  );

  api.post(
    '/api/v1/keys',
    {
      config: { right: 'administer', proof: true, audit: 'key.created', documentedBody: ApiKeyCreation },
      schema: {
        tags,
        summary: 'Make an API key; it is shown in this answer and never again',
        querystring: parametersOf({}),
        response: answers(201, NewApiKey),
      },
    },
    async (request, reply): Promise<NewApiKey> => {
      const body = checkShape(ApiKeyCreation, readJsonObject(sentBody(request)), 'body-invalid');
      const { name, scopes } = body;
      const key = newSecret();
      const made = await apiKeys.add({ name, hash: hashOfToken(key), scopes, createdAt: clock() });
      request.noteForAudit({ subject: { kind: 'key', id: made.id }, detail: { name, scopes } });
      reply.code(201);
      return { ...toKeyJson(made), key };
    },
  );

  api.delete(
    '/api/v1/keys/:id',
    {
      config: { right: 'administer', proof: true, audit: 'key.removed' },
      schema: {
        tags,
        summary: 'Remove an API key; every process forgets it within seconds',
        params: Type.Object({ id: Type.String() }),
        querystring: parametersOf({}),
        response: otherAnswers({ 204: Type.Null({ description: 'It is gone.' }) }),
      },
    },
    async (request, reply) => {
      if (!(await apiKeys.remove(request.params.id))) {
        throw new AppError('key-unknown', 'No key has this id.');
      }
      return reply.code(204).send();
    },
  );
}

function toKeyJson({ id, name, scopes, createdAt, lastUsedAt }: store.ApiKey): ApiKey {
  return known({
    ...{ id, name, scopes: [...scopes], createdAt: toInstant(createdAt) },
    lastUsedAt: toInstantWhereKnown(lastUsedAt),
  });
}
