import { Type } from 'typebox';
import { hashOfToken } from '../../access/session-service.js';
import { type ApiKey, ApiKeyCreation, ApiKeyList, NewApiKey } from '../../contract/keys.js';
import { parametersOf } from '../../contract/page.js';
import type { Actor } from '../../domain/rights.js';
import { AppError } from '../../domain/errors.js';
import type * as store from '../../store/accounts.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { PeopleArea } from '../areas.js';
import { known, toInstant, toInstantWhereKnown } from '../json-values.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';

const tags = ['keys'];
const dayMs = 24 * 60 * 60 * 1000;

export function addKeyRoutes(api: Api, { apiKeys, newSecret, clock }: PeopleArea): void {
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
    async (): Promise<ApiKeyList> => ({
      items: (await apiKeys.list()).map((key) => toKeyJson(key, clock())),
    }),
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
      const { name, scopes, expiresInDays } = body;
      const key = newSecret();
      const createdAt = clock();
      const owner = await ownerOf(request.actor, apiKeys);
      const made = await apiKeys.add({
        ...{ name, hash: hashOfToken(key), scopes, createdAt },
        ...(expiresInDays === undefined ? {} : { expiresAt: Math.ceil(createdAt + expiresInDays * dayMs) }),
        ...(owner ? { owner } : {}),
      });
      const detail = { name, scopes, ...(expiresInDays === undefined ? {} : { expiresInDays }) };
      request.noteForAudit({ subject: { kind: 'key', id: made.id }, detail });
      reply.code(201);
      return { ...toKeyJson(made, createdAt), key };
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

/** A key that a key makes belongs to the owner of that one, so that no key outlives its owner's account. */
async function ownerOf(
  { kind, id, name }: Actor,
  apiKeys: Pick<store.ApiKeys, 'list'>,
): Promise<store.ApiKey['owner']> {
  if (kind !== 'key') return { kind, id, name };
  return (await apiKeys.list()).find((key) => key.id === id)?.owner;
}

function toKeyJson(key: store.ApiKey, now: number): ApiKey {
  const { id, name, scopes, createdAt, expiresAt, owner, lastUsedAt } = key;
  return known({
    ...{ id, name, scopes: [...scopes], createdAt: toInstant(createdAt) },
    expiresAt: toInstantWhereKnown(expiresAt),
    owner,
    state: toState(key, now),
    lastUsedAt: toInstantWhereKnown(lastUsedAt),
  });
}

function toState({ expiresAt = Infinity, isOrphaned }: store.ApiKey, now: number): ApiKey['state'] {
  if (expiresAt <= now) return 'expired';
  return isOrphaned ? 'orphaned' : 'valid';
}
