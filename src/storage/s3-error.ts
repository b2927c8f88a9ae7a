import { StorageError, type StorageFailure } from './storage-error.js';

/** What an S3 server, its client or the network said no with. */
export interface S3Failure {
  /** The server's code (`NoSuchKey`), or of the network (`ECONNREFUSED`). */
  readonly code: string;
  /** HTTP status, where an answer came. */
  readonly status?: number;
}

const fullCodes = new Set(['QuotaExceeded', 'InsufficientCapacity', 'XMinioStorageFull']);
const missingCodes = new Set(['NoSuchKey', 'NotFound']);

export function readS3Failure(error: unknown): S3Failure {
  const { name, Code, code, $metadata } = (error ?? {}) as {
    name?: unknown;
    Code?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  const known = [code, Code, name].find((text) => typeof text === 'string' && /^[\w.-]{1,80}$/.test(text));
  return { code: (known as string | undefined) ?? 'unknown', ...(status === undefined ? {} : { status }) };
}

/**
 * As an error of this folder. What was thrown is not its cause: the client's errors hold whole requests, and a request
 * holds what it was signed with.
 */
export function toS3StorageError(error: unknown, doing: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code, status } = readS3Failure(error);
  return new StorageError(
    failureOf(code, status),
    `${doing}: ${code}${status === undefined ? '' : ` (${status})`}`,
  );
}

function failureOf(code: string, status: number | undefined): StorageFailure {
  if (missingCodes.has(code)) return 'asset-missing';
  return status === 507 || fullCodes.has(code) ? 'no-space' : 'io-failed';
}

export function isS3Missing(error: unknown): boolean {
  return missingCodes.has(readS3Failure(error).code);
}
