import { bucketName } from './link-signer.js';

/** A refusal in the storage's own words. */
export interface StorageError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Elements between HostId and the end, in order. */
  readonly extra?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export function requestExpired(expiresAtMs: number, now: number): StorageError {
  return {
    status: 403,
    code: 'AccessDenied',
    message: 'Request has expired.',
    extra: { Expires: new Date(expiresAtMs).toISOString(), ServerTime: new Date(now).toISOString() },
  };
}

export const signatureDoesNotMatch: StorageError = {
  status: 403,
  code: 'SignatureDoesNotMatch',
  message:
    'The request signature we calculated does not match the signature you provided. ' +
    'Check your key and signing method.',
};

export const notSigned: StorageError = {
  status: 403,
  code: 'AccessDenied',
  message: 'You have no right to access this object because of bucket acl.',
};

export function noSuchKey(objectKey: string): StorageError {
  return {
    status: 404,
    code: 'NoSuchKey',
    message: 'The specified key does not exist.',
    extra: { Key: objectKey },
  };
}

export function serviceUnavailable(retryAfterSeconds: number): StorageError {
  return {
    status: 503,
    code: 'ServiceUnavailable',
    message: 'Please reduce your request rate.',
    headers: { 'Retry-After': String(retryAfterSeconds) },
  };
}

export function invalidRange(range: string, bytes: number): StorageError {
  return {
    status: 416,
    code: 'InvalidRange',
    message: 'The requested range cannot be satisfied',
    extra: { ActualObjectSize: String(bytes), RangeRequested: range },
    headers: { 'Content-Range': `bytes */${bytes}` },
  };
}

/** The body, laid out as the vendor's is. */
export function toErrorXml(error: StorageError, requestId: string): string {
  const elements = {
    Code: error.code,
    Message: error.message,
    RequestId: requestId,
    HostId: `${bucketName}.oss-cn-hangzhou.aliyuncs.com`,
    ...error.extra,
  };
  const lines = Object.entries(elements).map(([name, text]) => `  <${name}>${escapeXml(text)}</${name}>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n${lines.join('')}</Error>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
