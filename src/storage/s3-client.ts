import type { LookupFunction } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3Place } from './s3-url.js';

export interface S3Access {
  /** Both or neither: without them the usual chain of the SDK is asked (environment, files, roles of the machine). */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Resolves host names; the system's unless given. */
  readonly lookup?: LookupFunction;
}

/** The SDK waits longer between its tries each time; with three a commit gives up within seconds of a refusal. */
const maxAttempts = 3;
const connectMs = 5_000;
/** Until the answer's head, for a request that brings no bytes along. */
export const answerMs = 20_000;
/** Slower lines than this (1 Mbit/s) are treated as broken. */
const slowestBytesPerMs = 128;
/** More than are ever busy: reads, and the parts of every commit. */
const maxSockets = 256;

/** How long a request that brings `bytes` along may take until its answer's head. */
export function requestMs(bytes: number): number {
  return answerMs + Math.ceil(bytes / slowestBytesPerMs);
}

export function createS3Client(place: S3Place, access: S3Access): S3Client {
  const { accessKeyId, secretAccessKey, lookup } = access;
  const agent = { keepAlive: true, maxSockets, ...(lookup ? { lookup } : {}) };
  return new S3Client({
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
      // A listener who pauses keeps a socket silent for as long as he likes: reads have a clock of their own.
      socketTimeout: 0,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}
