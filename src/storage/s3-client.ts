import type { LookupFunction } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3Place } from './s3-url.js';

export interface S3Access {
  /** Both or neither: without them the usual chain of the SDK is asked (environment, files, roles of the machine). */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Resolves host names; the system's unless given. */
  readonly lookup?: LookupFunction;
  /** Until the answer's head, for a request that brings no bytes along; 20 s unless given. */
  readonly answerMs?: number;
}

/** The way to a server. */
export interface S3Connection {
  readonly client: S3Client;
  /** For requests that bring bytes along: a server that takes none of them for a while is given up. */
  readonly sender: S3Client;
  /** How long a request that brings `bytes` along may take until its answer's head. */
  requestMs(bytes: number): number;
}

/** The SDK waits longer between its tries each time; with three a commit gives up within seconds of a refusal. */
const maxAttempts = 3;
const connectMs = 5_000;
const usualAnswerMs = 20_000;
/** Slower lines than this (1 Mbit/s) are treated as broken. */
const slowestBytesPerMs = 128;
/** More than are ever busy: reads, and the parts of every commit. */
const maxSockets = 256;

export function connectToS3(place: S3Place, access: S3Access): S3Connection {
  const { accessKeyId, secretAccessKey, lookup, answerMs = usualAnswerMs } = access;
  const agent = { keepAlive: true, maxSockets, ...(lookup ? { lookup } : {}) };
  const open = (socketTimeout: number): S3Client =>
    new S3Client({
      ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
      ...(place.region === undefined ? {} : { region: place.region }),
      ...(accessKeyId !== undefined && secretAccessKey !== undefined
        ? { credentials: { accessKeyId, secretAccessKey } }
        : {}),
      forcePathStyle: place.isPathStyle,
      // Newer checksums are not known to every server; Content-MD5 is, and we send it ourselves.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // It would cost each piece a connection of its own, and a second at servers that do not know it.
      expectContinueHeader: false,
      retryMode: 'standard',
      maxAttempts,
      requestHandler: {
        connectionTimeout: connectMs,
        requestTimeout: answerMs,
        throwOnRequestTimeout: true,
        socketTimeout,
        httpAgent: agent,
        httpsAgent: agent,
      },
    });
  return {
    // A listener who pauses keeps a socket silent for as long as he likes: reads have a clock of their own.
    client: open(0),
    sender: open(answerMs),
    requestMs: (bytes) => answerMs + Math.ceil(bytes / slowestBytesPerMs),
  };
}
