import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Type } from 'typebox';
import type { Api } from '../api.js';
import type { RecordingArea } from '../areas.js';
import { answerWithAudio } from '../audio-answer.js';
import {
  methodNotAllowed,
  noSuchKey,
  notThereYet,
  requestExpired,
  signatureDoesNotMatch,
  toRefusalXml,
  toStorageRefusal,
  type StorageRefusal,
} from '../storage-refusal.js';

/** Nothing but what a minted link looks like: another writing of the same address is another link, and we signed none. */
const signedPath = /^\/r\/(r[1-9]\d{0,14})(?:\?(.*))?$/;
const otherMethods: readonly HTTPMethods[] = ['DELETE', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/**
 * `GET|HEAD /r/{id}?Expires=…&KeyId=…&Signature=…`: the audio of a recording to the holder of a link to it, until
 * that expires (interface, “Signed links”). Everything else is told in the words of the vendor's storage, so that
 * whatever archives from there archives from here. No record and no error ever holds the query.
 */
export function addLinkRoutes(api: Api, deps: RecordingArea): void {
  const { links, recordings, assets, clock } = deps;

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const [, recordingId, query = ''] = signedPath.exec(request.url) ?? [];
    if (recordingId === undefined) return refuse(request, reply, signatureDoesNotMatch);
    const verdict = await links.judge(recordingId, query);
    if (verdict === 'expired') return refuse(request, reply, requestExpired(query, clock()));
    if (verdict === 'does-not-match') return refuse(request, reply, signatureDoesNotMatch);
    const recording = await recordings.get(recordingId);
    // We signed the link, so what is not known yet has only just been published.
    if (!recording) return refuse(request, reply, notThereYet);
    const { state, asset } = recording;
    if (asset) return answerWithAudio(request, reply, asset, assets);
    return refuse(request, reply, state === 'lost' || state === 'deleted' ? noSuchKey : notThereYet);
  }

  const route = {
    config: { right: 'open' as const },
    // The schema describes; what is wrong with an address is told like everything else that is wrong with a link.
    validatorCompiler: () => () => true,
    errorHandler: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const refusal = toStorageRefusal(error);
      if (refusal.status >= 500) request.log.error({ err: error }, 'a signed link could not be served');
      return refuse(request, reply, refusal);
    },
  };

  api.get('/r/:id', { ...route, exposeHeadRoute: false, schema: description }, answer);
  api.head('/r/:id', { ...route, schema: { hide: true } }, answer);
  api.route({ ...route, method: ['GET', 'HEAD'], url: '/r/*', schema: { hide: true }, handler: answer });
  for (const url of ['/r/:id', '/r/*']) {
    api.route({
      ...route,
      method: [...otherMethods],
      url,
      schema: { hide: true },
      // Before the body is read: a wrong method is refused whatever comes with it.
      onRequest: async (request, reply) =>
        refuse(request, reply.header('allow', 'GET, HEAD'), methodNotAllowed),
      handler: () => undefined,
    });
  }
}

/** Whether an address that no router can read was meant as a signed link: then it is one that was changed. */
export function isLinkAddress(url: string): boolean {
  return url.startsWith('/r/');
}

export function refuseChangedLink(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return refuse(request, reply, signatureDoesNotMatch);
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: StorageRefusal): FastifyReply {
  for (const name of ['content-length', 'content-disposition', 'etag', 'accept-ranges'])
    reply.removeHeader(name);
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds);
  return reply
    .code(refusal.status)
    .header('cache-control', 'no-store')
    .type('application/xml')
    .send(toRefusalXml(refusal, request.id));
}

const binary = { 'audio/*': { schema: Type.String({ format: 'binary' }) } };
const xml = (meaning: string) => ({
  description: meaning,
  content: { 'application/xml': { schema: Type.String() } },
});

const linkAnswers: Record<string, unknown> = {
  200: { description: 'The archived bytes.', content: binary },
  206: { description: 'The bytes that Range asked for.', content: binary },
  403: xml('`AccessDenied`, “Request has expired.”, or `SignatureDoesNotMatch`.'),
  404: xml('`NoSuchKey`: the recording is lost, or was deleted.'),
  503: xml('`ServiceUnavailable`: not there yet; `Retry-After` says when to ask again.'),
};

const description = {
  tags: ['links'],
  summary: 'A recording by a signed link; no key',
  description: 'GET and HEAD, Range and a strong ETag as usual. The link is taken exactly as it was minted.',
  security: [],
  params: Type.Object({ id: Type.String() }),
  querystring: Type.Object({
    Expires: Type.Optional(Type.String({ description: 'UNIX seconds.' })),
    KeyId: Type.Optional(Type.String()),
    Signature: Type.Optional(Type.String()),
  }),
  response: linkAnswers,
};
