import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { problemMediaType, type Problem } from '../contract/problem.js';
import { AppError, type ErrorCode, errorTable } from '../domain/errors.js';
import { StorageError } from '../storage/asset-storage.js';
import { StoreError } from '../store/store-error.js';
import { partsOfPushPath } from '../domain/push-path.js';
import { maxHeadBytes } from './request-head.js';

/** An answer repeats the path it was asked at, but not one that a stranger made endless. */
const maxInstanceLength = 2_000;

export function toProblem(code: ErrorCode, detail: string, url?: string): Problem {
  const { status, title, remedy } = errorTable[code];
  const path = url?.split('?', 1)[0];
  return {
    type: `urn:earshot:error:${code}`,
    title,
    status,
    detail,
    code,
    remedy,
    ...(path !== undefined && path.length <= maxInstanceLength && { instance: path }),
  };
}

const announced = [
  ...['content-length', 'content-encoding', 'content-disposition', 'etag', 'accept-ranges', 'location'],
  'set-cookie',
] as const;

const refusals = new WeakMap<FastifyRequest, ErrorCode>();

/** What a request was refused with. */
export function refusalOf(request: FastifyRequest): ErrorCode | undefined {
  return refusals.get(request);
}

/** Answers with the problem that an error is; what is our own fault goes into the log, not into the answer. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toAppError(error);
  refusals.set(request, refusal.code);
  if (refusal.status >= 500) request.log.error({ err: error, code: refusal.code }, 'a request failed');
  // What a route had announced for its success does not hold for the problem.
  for (const name of announced) reply.removeHeader(name);
  return reply
    .code(refusal.status)
    .header('cache-control', 'no-store')
    .header('content-type', problemMediaType)
    .serializer(JSON.stringify)
    .send(toProblem(refusal.code, refusal.message, request.url));
}

/** Any error as one of the table. Whatever is not known to be the caller's or the store's is `internal`. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof StoreError) return fromStore(error);
  if (error instanceof StorageError) return fromStorage(error);
  return fromFramework(error as Partial<FastifyError>);
}

function fromStore(error: StoreError): AppError {
  switch (error.kind) {
    case 'busy':
      return new AppError('store-busy', 'The store has too much to do at the moment.');
    case 'closed':
      return new AppError('shutting-down', 'This process is stopping.');
    case 'full':
      return new AppError('store-unavailable', 'There is no space left for the store.');
    case 'unreachable':
      return new AppError('store-unavailable', 'The database cannot be reached at the moment.');
    case 'corrupt':
    case 'io':
    case 'newer-schema':
    case 'refused':
    case 'moved':
    case 'incomplete':
    case 'other':
      return new AppError('store-unavailable', 'The store could not be read or written.');
  }
}

function fromStorage(error: StorageError): AppError {
  switch (error.code) {
    case 'asset-missing':
    case 'bad-name':
      return new AppError('asset-missing', 'The archived audio is gone from the storage.');
    case 'no-space':
    case 'draft-busy':
    case 'draft-damaged':
    case 'io-failed':
      return new AppError('storage-failed', 'The recordings storage could not be read or written.');
  }
}

function fromFramework(error: Partial<FastifyError>): AppError {
  if (error.validation) return toParameterError(error.validation);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('body-too-large', 'The request body is too large for this address.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('body-invalid', 'The Content-Type header is not well-formed.');
    case 'FST_ERR_BAD_URL':
      return new AppError('bad-request', 'The path is not percent-encoded UTF-8.');
    default:
      break;
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    return new AppError('bad-request', 'The request could not be read.');
  }
  return new AppError('internal', 'Something went wrong inside.');
}

/** The first thing that validation found wrong, as a sentence that names the parameter and what was expected. */
function toParameterError(found: readonly FastifySchemaValidationError[]): AppError {
  const [first] = found;
  if (!first) return new AppError('parameter-invalid', 'A parameter has a value that cannot be used.');
  const { keyword, params } = first;
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    return new AppError('parameter-unknown', `There is no parameter \`${name}\` here.`);
  }
  if (keyword === 'required') {
    return new AppError('parameter-invalid', `\`${String(params.missingProperty)}\` is missing.`);
  }
  const name = first.instancePath.split('/')[1] ?? '';
  return new AppError('parameter-invalid', `\`${name}\` ${toExpectation(keyword, params, first.message)}.`);
}

function toExpectation(
  keyword: string,
  params: FastifySchemaValidationError['params'],
  message = 'cannot be used',
): string {
  switch (keyword) {
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
    case 'type':
      return params.type === 'string' ? 'must be given once' : `must be one ${toNoun(String(params.type))}`;
    case 'minimum':
      return `must be ${String(params.limit)} or more`;
    case 'maximum':
      return `must be ${String(params.limit)} or less`;
    default:
      return message;
  }
}

function toNoun(type: string): string {
  return type === 'integer' ? 'whole number' : type;
}

const details = {
  'bad-request': 'This is no well-formed HTTP request.',
  'headers-too-large': `They exceed ${maxHeadBytes} bytes, or 1,000 headers.`,
  'request-late': 'It stopped on its way, or came too slowly.',
  'expectation-unknown': 'The only expectation that can be met is 100-continue.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** Why a request is refused that no route has seen. */
export type RawRefusal = keyof typeof details;

/** What every answer on a push path is: JSON with a numeric `code` (protocol page, section 1). */
interface RawAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
}

/** In the form of the place that was asked: a number on a push path, a word elsewhere. */
export function rawAnswerTo(refusal: RawRefusal, target: string): RawAnswer {
  const problem = toProblem(refusal, details[refusal]);
  const { status, title } = problem;
  return partsOfPushPath(target)
    ? { status, mediaType: 'application/json', body: JSON.stringify({ code: status, msg: title }) }
    : { status, mediaType: problemMediaType, body: JSON.stringify(problem) };
}

/** The same as bytes, the last of their connection. */
export function rawBytesOf({ status, mediaType, body }: RawAnswer): string {
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${mediaType}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  );
}
