import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../domain/errors.js';
import { GatheredBytes, inviteBody } from '../intake/gathered-bytes.js';

/** Of bodies that anybody may send: names, passwords and tokens go in a tenth of it. */
const strangersBodyBytes = 16 * 1024;
/** With a key or a session, where the route does not say otherwise. */
const bodyBytes = 1024 * 1024;

/**
 * Few routes read a body, and each by its own rules: they get its bytes. Where nobody need be known it is a small one, which
 * is there within 15 s (request-gate.ts). Reading begins once the rights are known, and so does the sending of those who wait
 * for `100 Continue`.
 */
export function readBodies(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= (route.config?.right ?? 'open') === 'open' ? strangersBodyBytes : bodyBytes;
  });
  app.addHook('preParsing', async (request, reply) => {
    inviteBody(request.raw, reply.raw);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) =>
    readBody(
      payload,
      request.is404 ? strangersBodyBytes : (request.routeOptions.bodyLimit ?? strangersBodyBytes),
    ),
  );
}

async function readBody(payload: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = new AppError('body-too-large', `It may have ${maxBytes} bytes here.`);
  if (Number(payload.headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
  const body = new GatheredBytes();
  return new Promise((resolve, reject) => {
    payload
      .on('data', (chunk: Buffer) => {
        if (body.length + chunk.length > maxBytes) {
          body.clear();
          payload.removeAllListeners('data').resume();
          reject(tooLarge);
        } else {
          body.add(chunk);
        }
      })
      .on('end', () => {
        resolve(body.whole());
      })
      .on('error', reject);
  });
}
