import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Random } from '../../domain/clock.js';
import { createStop } from '../wait.js';
import type { Wait } from '../wait.js';
import { endAnswer, parseByteRange, type ByteRange, objectHeaders, sendObject } from './object-answer.js';
import type { Bucket, StoredObject, TransientFault } from './bucket.js';
import { readLinkTerms, toPath } from './link-signer.js';
import type { LinkSigner } from './link-signer.js';
import {
  invalidRange,
  notSigned,
  noSuchKey,
  requestExpired,
  serviceUnavailable,
  signatureDoesNotMatch,
  toErrorXml,
} from './storage-error.js';
import type { StorageError } from './storage-error.js';

export interface StorageDeps {
  readonly bucket: Bucket;
  readonly signer: LinkSigner;
  readonly clock: Clock;
  readonly random: Random;
  readonly wait: Wait;
  readonly onAnswer: (answer: StorageAnswer) => void;
}

/** What became of one request. */
export interface StorageAnswer {
  readonly status: number;
  /** Absent where the request was for nothing that exists, or was refused before that was looked up. */
  readonly object?: StoredObject;
  readonly fault?: TransientFault;
  /** The object's last byte was sent, and nothing that was sent was wrong. */
  readonly isComplete: boolean;
}

export interface RecordingStorage {
  /** `http://HOST:PORT` as listened on. */
  readonly url: string;
  close(): Promise<void>;
}

const errorPage =
  '<!DOCTYPE html>\n<html><head><title>Notice</title></head><body><h1>This page is not what you asked for</h1>' +
  '<p>Please log in to continue.</p></body></html>\n';

/** Serves the recordings of simulated calls as the vendor's object storage does. Rejects if it cannot listen. */
export async function openRecordingStorage(
  listen: { host: string; port: number },
  deps: StorageDeps,
): Promise<RecordingStorage> {
  const closing = createStop();
  const server = createServer((request, response) => {
    answer(request, response, deps, closing.signal).then(deps.onAnswer, (error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  deps: StorageDeps,
  signal: AbortSignal,
): Promise<StorageAnswer> {
  const requestId = Array.from({ length: 24 }, () => Math.floor(deps.random() * 16).toString(16)).join('');
  response.setHeader('Server', 'AliyunOSS');
  response.setHeader('x-oss-request-id', requestId.toUpperCase());
  const found = findObject(request, deps);
  if ('status' in found) return refuse(response, found);

  const { object } = found;
  const fault = object.hindrances.meet(deps.clock());
  const about = { object, ...(fault === undefined ? {} : { fault }) };
  switch (fault) {
    case 'late-object':
      return { ...(await refuse(response, noSuchKey(object.call.objectKey))), ...about };
    case 'unavailable':
      return { ...(await refuse(response, serviceUnavailable(1 + (object.call.index % 3)))), ...about };
    case 'html-page':
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      await endAnswer(response, errorPage);
      return { status: 200, isComplete: false, ...about };
    default: {
      const range = await wantedRange(request, object);
      if (range === 'unsatisfiable') {
        const error = invalidRange(request.headers.range ?? '', object.audio.bytes);
        return { ...(await refuse(response, error)), ...about };
      }
      const whole: ByteRange = { start: 0, end: object.audio.bytes };
      const wanted = { range: range ?? whole, isPartial: range !== undefined, fault };
      const isSent = await sendObject(response, object, wanted, { wait: deps.wait, signal });
      const isComplete = isSent && wanted.range.end === whole.end;
      if (isComplete) object.fetched = true;
      return { status: response.statusCode, isComplete, ...about };
    }
  }
}

/** Signature first, then expiry, then existence: whoever changes a link learns nothing else. */
function findObject(request: IncomingMessage, deps: StorageDeps): { object: StoredObject } | StorageError {
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
  const terms = readLinkTerms(query);
  if (terms === undefined) return notSigned;
  const objectKey = decodePath(path);
  // The link must come back byte for byte: a query that means the same in other characters is refused as well.
  const isAsSigned =
    objectKey !== undefined &&
    toPath(objectKey) === path &&
    deps.signer.sign(request.method ?? '', objectKey, terms) === query;
  if (!isAsSigned) return signatureDoesNotMatch;
  const expiresAtMs = terms.expiresAtSeconds * 1000;
  if (deps.clock() >= expiresAtMs) return requestExpired(expiresAtMs, deps.clock());
  const object = deps.bucket.get(objectKey);
  return object === undefined ? noSuchKey(objectKey) : { object };
}

/** `If-Range` with another ETag than ours makes the whole object the answer. */
async function wantedRange(
  request: IncomingMessage,
  object: StoredObject,
): Promise<ByteRange | 'unsatisfiable' | undefined> {
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== (await objectHeaders(object))['ETag']) return undefined;
  return parseByteRange(request.headers.range, object.audio.bytes);
}

async function refuse(response: ServerResponse, error: StorageError): Promise<StorageAnswer> {
  response.writeHead(error.status, { 'Content-Type': 'application/xml', ...error.headers });
  await endAnswer(response, toErrorXml(error, String(response.getHeader('x-oss-request-id'))));
  return { status: error.status, isComplete: false };
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
}
