import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import {
  SamplePush,
  Source,
  SourceChange,
  SourceCreation,
  SourceList,
  SourceRotation,
} from '../../contract/sources.js';
import { AppError } from '../../domain/errors.js';
import type { SourceLimit } from '../../domain/source-limit.js';
import { createHostFilter } from '../../domain/host-pattern.js';
import { sampleCallId } from '../../protocol/sample.js';
import type { SourceFacts, SourceService } from '../../sources/source-service.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { SourceArea } from '../areas.js';
import { known, toInstantWhereKnown } from '../json-values.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';

const tags = ['sources'];
const schemaOfOne = { tags, params: Type.Object({ id: Type.String() }), querystring: parametersOf({}) };
const defaultOverlapSeconds = 7 * 24 * 60 * 60;

/** Places that pushes come from. */
export function addSourceRoutes(api: Api, deps: SourceArea): void {
  addSources(api, deps);
  addOneSource(api, deps);
  addSamplePush(api, deps);
}

function addSources(api: Api, { sources }: SourceArea): void {
  api.get(
    '/api/v1/sources',
    {
      config: { right: 'operate' },
      schema: {
        tags,
        summary: 'List the places that pushes come from',
        description: 'The default one first, then oldest first. Push URLs are shown to administrators.',
        querystring: parametersOf({}),
        response: answers(200, SourceList),
      },
    },
    async ({ actor }): Promise<SourceList> => {
      const mayAdminister = actor.rights.includes('administer');
      return { items: (await sources.list()).map((source) => toSourceJson(source, mayAdminister)) };
    },
  );

  api.post(
    '/api/v1/sources',
    {
      config: { right: 'administer', proof: true, audit: 'source.created', documentedBody: SourceCreation },
      schema: {
        tags,
        summary: 'Add a source with a push URL of its own',
        querystring: parametersOf({}),
        response: answers(201, Source),
      },
    },
    async (request, reply): Promise<Source> => {
      const body = readJsonObject(sentBody(request));
      const { name } = checkShape(SourceCreation, body, 'body-invalid');
      const created = await sources.create(name);
      if (created === 'name-taken') {
        throw new AppError('source-name-taken', `A source is called \`${name}\` already.`);
      }
      if (!created) throw unknownSource();
      request.noteForAudit({ subject: { kind: 'source', id: created.id }, detail: { name } });
      reply.code(201);
      return toSourceJson(created, true);
    },
  );
}

function addOneSource(api: Api, { sources }: SourceArea): void {
  api.post(
    '/api/v1/sources/:id/rotate',
    {
      config: { right: 'administer', proof: true, audit: 'source.rotated', documentedBody: SourceRotation },
      schema: {
        ...schemaOfOne,
        summary: 'Make a new push URL; the one there was works on for a while',
        description: 'What was valid beside it from an earlier rotation ends at once.',
        response: answers(200, Source),
      },
    },
    async (request): Promise<Source> => {
      const body = readJsonObject(sentBody(request));
      const { overlapSeconds = defaultOverlapSeconds } = checkShape(SourceRotation, body, 'body-invalid');
      const rotated = await sources.rotate(request.params.id, overlapSeconds * 1000);
      if (!rotated) throw unknownSource();
      request.noteForAudit({ detail: { name: rotated.name, overlapSeconds } });
      return toSourceJson(rotated, true);
    },
  );

  api.patch(
    '/api/v1/sources/:id',
    {
      config: { right: 'administer', proof: true, audit: 'source.limited', documentedBody: SourceChange },
      schema: {
        ...schemaOfOne,
        summary: 'Change what a source may do',
        description:
          'It holds for pushes at once, in other processes and for downloads within seconds. Recordings whose host was ' +
          'not allowed are tried again.',
        response: answers(200, Source),
      },
    },
    async (request): Promise<Source> => {
      const change = checkShape(SourceChange, readJsonObject(sentBody(request)), 'body-invalid');
      checkHosts(change.recordingHosts ?? []);
      const { id } = request.params;
      const source = (await sources.list()).find((known) => known.id === id);
      const changed = source && (await sources.limit(id, withChange(source.limit, change)));
      if (!changed) throw unknownSource();
      request.noteForAudit({ detail: { name: changed.name, ...change } });
      return toSourceJson(changed, true);
    },
  );

  api.delete(
    '/api/v1/sources/:id',
    {
      config: { right: 'administer', proof: true, audit: 'source.removed' },
      schema: {
        ...schemaOfOne,
        summary: 'Remove a source: its push URL is unknown within seconds',
        description: 'What came from it stays. The default source cannot be removed; rotate it.',
        response: otherAnswers({ 204: Type.Null({ description: 'It is gone.' }) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (id === 'default') {
        throw new AppError('source-default', 'The default source stays; rotate it to make its URL useless.');
      }
      if (!(await sources.remove(id))) throw unknownSource();
      return reply.code(204).send();
    },
  );
}

function checkHosts(hosts: readonly string[]): void {
  try {
    createHostFilter(hosts);
  } catch (error) {
    throw new AppError('body-invalid', `\`recordingHosts\`: ${(error as Error).message}.`);
  }
}

function withChange(limit: SourceLimit, change: SourceChange): SourceLimit {
  const changed = { ...limit, ...change };
  const { pushBytesPerDay = null, recordingBytesPerDay = null, recordingHosts = null } = changed;
  return {
    ...(pushBytesPerDay === null ? {} : { pushBytesPerDay }),
    ...(recordingBytesPerDay === null ? {} : { recordingBytesPerDay }),
    ...(recordingHosts === null ? {} : { recordingHosts }),
  };
}

function addSamplePush(api: Api, { sources }: SourceArea): void {
  api.post(
    '/api/v1/sources/:id/push-sample',
    {
      config: { right: 'administer', audit: 'source.sample-pushed' },
      schema: {
        ...schemaOfOne,
        summary: "Push the specification's sample to a source, over HTTP as a sender would",
        description: 'Needs no body. Pushed again it is a duplicate, and acknowledged like any other.',
        response: answers(200, SamplePush),
      },
    },
    async (request): Promise<SamplePush> => {
      const answer = await push(request.params.id, sources);
      if (!answer) throw unknownSource();
      const { status, body, durationMs } = answer;
      return { status, body, durationMs, callId: sampleCallId };
    },
  );
}

async function push(id: string, service: SourceService) {
  try {
    return await service.pushSample(id);
  } catch (error) {
    throw new AppError('push-unanswered', 'The push URL did not answer within the 700 ms of a sender.', {
      cause: error,
    });
  }
}

function toSourceJson(source: SourceFacts, mayAdminister: boolean): Source {
  const { id, name, pushUrl, isFixed, pushes, limit, today } = source;
  return known({
    ...{ id, name, pushUrl: mayAdminister ? pushUrl : undefined, isFixed, pushes },
    previousUntil: toInstantWhereKnown(source.previousUntil),
    createdAt: toInstantWhereKnown(source.createdAt),
    lastPushAt: toInstantWhereKnown(source.lastPushAt),
    pushBytesPerDay: limit.pushBytesPerDay,
    recordingBytesPerDay: limit.recordingBytesPerDay,
    recordingHosts: limit.recordingHosts && [...limit.recordingHosts],
    today: {
      pushBytes: today.pushBytes,
      refusedPushes: today.refusedPushes,
      recordingBytes: today.recordingBytes,
    },
  });
}

function unknownSource(): AppError {
  return new AppError('source-unknown', 'No source has this id.');
}
