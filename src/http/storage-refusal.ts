import { AppError } from '../domain/errors.js';
import { StorageError } from '../storage/asset-storage.js';
import { StoreError } from '../store/store-error.js';

/**
 * A refusal of a signed link, in the words and the form of the vendor's storage: what reads links of the vendor
 * knows these, and tells an expired link, which is lost, from trouble that passes.
 */
export interface StorageRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Elements behind the message, in order. */
  readonly more?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
}

/** "Request has expired." is what makes a reader give a link up. */
export function requestExpired(query: string, now: number): StorageRefusal {
  const seconds = Number(/(?:^|&)Expires=(\d{1,12})(?:&|$)/.exec(query)?.[1] ?? 0);
  return {
    status: 403,
    code: 'AccessDenied',
    message: 'Request has expired.',
    more: { Expires: new Date(seconds * 1000).toISOString(), ServerTime: new Date(now).toISOString() },
  };
}

export const signatureDoesNotMatch: StorageRefusal = {
  status: 403,
  code: 'SignatureDoesNotMatch',
  message:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
};

export const noSuchKey: StorageRefusal = {
  status: 404,
  code: 'NoSuchKey',
  message: 'The specified key does not exist.',
};

export const methodNotAllowed: StorageRefusal = {
  status: 405,
  code: 'MethodNotAllowed',
  message: 'The specified method is not allowed against this resource.',
};

/** The recording is on its way: worth asking again, soon. */
export const notThereYet: StorageRefusal = {
  status: 503,
  code: 'ServiceUnavailable',
  message: 'The recording is not there yet. Please try again later.',
  retryAfterSeconds: 5,
};

/** What an error on the way means to a reader who knows storages only. */
export function toStorageRefusal(error: unknown): StorageRefusal {
  if (error instanceof AppError && error.code === 'range-unsatisfiable') {
    return { status: 416, code: 'InvalidRange', message: 'The requested range cannot be satisfied' };
  }
  if (error instanceof StoreError || (error instanceof StorageError && error.code !== 'asset-missing')) {
    return {
      status: 503,
      code: 'ServiceUnavailable',
      message: 'Please try again later.',
      retryAfterSeconds: 5,
    };
  }
  return {
    status: 500,
    code: 'InternalError',
    message: 'We encountered an internal error. Please try again.',
  };
}

/** The body, laid out as the vendor's is. */
export function toRefusalXml({ code, message, more }: StorageRefusal, requestId: string): string {
  const elements = { Code: code, Message: message, RequestId: requestId, ...more };
  const lines = Object.entries(elements).map(([name, text]) => `  <${name}>${text}</${name}>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n${lines.join('')}</Error>\n`;
}
