import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { AppError, type ErrorCode } from '../domain/errors.js';
import { GatheredBytes, inviteBody } from '../intake/gathered-bytes.js';

/** Of bodies that anybody may send: names, passwords and tokens go in a tenth of it. */
const strangersBodyBytes = 16 * 1024;
/** With a key or a session, where the route does not say otherwise. */
const bodyBytes = 1024 * 1024;

/**
 * Few routes read a body, and each by its own rules: they get its bytes. On open routes it is a small one, which
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

/**
 * The bytes of a request's body; none where nothing was sent. Uploads are left unread for the routes that take
 * them: elsewhere one must not pass for a request without a body, which asks for something else. Throws
 * `body-invalid`.
 */
export function sentBody({ body, headers }: Pick<FastifyRequest, 'body' | 'headers'>): Buffer | undefined {
  if (Buffer.isBuffer(body)) return body;
  const announced = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (announced) throw new AppError('body-invalid', 'This address takes JSON, and no multipart/form-data.');
  return undefined;
}

/*
 * Bodies of the API's own (not of a push), read by hand: whatever Content-Type says, they are JSON, and nothing
 * in them is coerced: a batch size of "10" is a mistake that is better told than guessed.
 */

/** The object that a body holds; none where nothing was sent. Throws `body-invalid`. */
export function readJsonObject(sent: Buffer | undefined): Readonly<Record<string, unknown>> {
  const text = (sent?.toString() ?? '').replace(/^\uFEFF/, '');
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('body-invalid', 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('body-invalid', 'The body must be a JSON object.');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** `value` where it has the shape of `schema`; throws `code` with a sentence that names the first member that has not. */
export function checkShape<Schema extends TSchema>(
  schema: Schema,
  value: unknown,
  code: ErrorCode,
): Static<Schema> {
  // A member that is not allowed is told twice, first as a schema that is `false`.
  const wrong = Value.Errors(schema, value).find(({ keyword }) => keyword !== 'boolean');
  if (wrong) throw new AppError(code, `${toSentence(wrong)}.`);
  return value as Static<Schema>;
}

interface Wrong {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

function toSentence({ keyword, instancePath, params, message }: Wrong): string {
  const path = instancePath.split('/').slice(1).map(unescapePointer);
  if (keyword === 'required') {
    const [missing = ''] = params['requiredProperties'] as string[];
    return `\`${toName([...path, missing])}\` is missing`;
  }
  if (keyword === 'additionalProperties') {
    const [unknown = ''] = params['additionalProperties'] as string[];
    return `There is no member \`${toName([...path, unknown.slice(0, 100)])}\` here`;
  }
  return `\`${toName(path)}\` ${toExpectation(keyword, params, message)}`;
}

function toExpectation(keyword: string, params: Wrong['params'], message: string): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'type':
      return `must be ${nouns[String(params['type'])] ?? String(params['type'])}`;
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'minimum':
      return `must be ${limit} or more`;
    case 'maximum':
      return `must be ${limit} or less`;
    case 'minLength':
    case 'minItems':
      return 'must not be empty';
    case 'maxLength':
      return `must have ${limit} characters at most`;
    case 'maxItems':
      return `must have ${limit} entries at most`;
    case 'uniqueItems':
      return 'must not hold the same twice';
    default:
      return message;
  }
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** `filter.taskId`, `types[0]`. */
function toName(path: readonly string[]): string {
  return path.reduce((name, part) => {
    if (/^\d+$/.test(part)) return `${name}[${part}]`;
    return name === '' ? part : `${name}.${part}`;
  }, '');
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
