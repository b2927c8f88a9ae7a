import { problemMediaType, type Problem } from '../contract/problem.js';
import { AppError, errorTable, type ErrorCode } from '../domain/errors.js';
import { StorageError } from '../storage/asset-storage.js';
import { StoreError } from '../store/store-error.js';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { toParameterError } from './parameter-error.js';

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
