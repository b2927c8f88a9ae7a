import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { readBody } from './s3-read.js';
import { StorageError } from './storage-error.js';

/** What an object must be after it was sent. */
export interface ExpectedObject {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Of one piece its MD5; of many the MD5 of their MD5s and how many there are, as Amazon's storage tells it. */
  readonly etag: string;
}

/**
 * Asks the server what it has under the name now. Every piece was checked by Content-MD5 when it was taken, so this
 * finds what went wrong behind that: pieces put together wrongly, an answer from something that is no storage.
 * @throws StorageError `io-failed` where the object is another one.
 */
export async function verifyObject(
  client: S3Client,
  name: { readonly Bucket: string; readonly Key: string },
  expected: ExpectedObject,
  signal: AbortSignal,
): Promise<void> {
  const head = await client.send(new HeadObjectCommand(name), { abortSignal: signal });
  if (head.ContentLength !== expected.bytes)
    throw differs(`it has ${head.ContentLength ?? 'no'} bytes instead of ${expected.bytes}`);
  const told = head.Metadata?.sha256;
  if (told !== undefined && told !== expected.sha256) throw differs('its digest is another one');
  if (unquote(head.ETag) === expected.etag || !tellsMd5(head)) return;
  // Some servers make the ETag of many pieces in a way of their own: then the bytes themselves must tell.
  const sha256 = createHash('sha256');
  const { Body } = await client.send(new GetObjectCommand(name), { abortSignal: signal });
  for await (const chunk of readBody(Body)) sha256.update(chunk);
  if (sha256.digest('hex') !== expected.sha256) throw differs('its bytes are others');
}

/** With a key of the customer's, the ETag is no MD5. */
function tellsMd5({ ETag, ServerSideEncryption, SSECustomerAlgorithm }: HeadObjectCommandOutput): boolean {
  if (SSECustomerAlgorithm !== undefined || (ServerSideEncryption ?? 'AES256') !== 'AES256') return false;
  return ETag !== undefined;
}

function unquote(etag: string | undefined): string | undefined {
  return etag?.replaceAll('"', '').toLowerCase();
}

function differs(how: string): StorageError {
  return new StorageError('io-failed', `keeping an asset: the object is not what was sent: ${how}`);
}
