import { StorageError, type StorageFailure } from './asset-storage.js';

/** What an S3 server, its client or the network said no with. */
export interface S3Failure {
  /** The server's code (`NoSuchKey`), or of the network (`ECONNREFUSED`). */
  readonly code: string;
  /** HTTP status, where an answer came. */
  readonly status?: number;
}

/**
 * How storages say that they are full: `QuotaExceeded`, `InsufficientCapacity`, `XMinioStorageFull`,
 * `BucketQuotaExceeded`, `NotEnoughSpace`, … Of rates and requests nothing is said in these words.
 */
const fullWords = [
  /(?<!(request|rate|api)[ _-]?)quota[ _-]?(is |was |has been )?(exceeded|reached|full|exhausted)/i,
  /exceed(s|ed)?[ _-](your |the |its )?(\w+ )?quota/i,
  /(storage|disk|bucket|space|capacity)[ _-]?(is |was |has been )?(full|exceeded|exhausted)/i,
  /(storage|disk|bucket|capacity|space|size)[ _-]?limit[ _-]?(exceeded|reached)/i,
  /(insufficient|not[ _-]?enough|no|out[ _-]?of)[ _-]?(free |disk |storage )?(storage|capacity|disk|space)\b/i,
  /^(ENOSPC|EDQUOT)$/,
];
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
export function toS3StorageError(error: unknown, doing: string, sentBytes?: number): StorageError {
  if (error instanceof StorageError) return error;
  const { code, status } = readS3Failure(error);
  const told = `${doing}: ${code}${status === undefined ? '' : ` (${status})`}`;
  const isTooLarge = sentBytes !== undefined && isTooMuchAtOnce(error);
  return new StorageError(failureOf(error), isTooLarge ? `${told}; ${tooMuchAtOnce(sentBytes)}` : told);
}

function failureOf(error: unknown): StorageFailure {
  if (missingCodes.has(readS3Failure(error).code)) return 'asset-missing';
  return isS3Full(error) ? 'no-space' : 'io-failed';
}

/** Whether a storage says that it has no room: by its status, its code, or in words. */
export function isS3Full(error: unknown): boolean {
  const { code, status } = readS3Failure(error);
  if (status === 507) return true;
  const { message } = (error ?? {}) as { message?: unknown };
  const words = status !== undefined && typeof message === 'string' ? [code, message] : [code];
  return words.some((text) => fullWords.some((full) => full.test(text)));
}

/** Whether so many bytes in one request were too many, for the storage or for something before it. */
export function isTooMuchAtOnce(error: unknown): boolean {
  const { code, status } = readS3Failure(error);
  return status === 413 || code === 'EntityTooLarge' || code === 'MaxMessageLengthExceeded';
}

/** What is wrong then, and where to mend it. */
export function tooMuchAtOnce(sentBytes: number): string {
  const size = sentBytes < 1024 ** 2 ? `${sentBytes} bytes` : `${(sentBytes / 1024 ** 2).toFixed(1)} MiB`;
  return (
    `${size} at once are too much for the storage, or for a proxy before it: raise its limit for the size of a body ` +
    '(nginx: client_max_body_size), or send smaller parts with partMiB in EARSHOT_STORAGE_URL, 5 at least'
  );
}

export function isS3Missing(error: unknown): boolean {
  return missingCodes.has(readS3Failure(error).code);
}
