import { Readable } from 'node:stream';
import { toS3StorageError, isS3Missing, readS3Failure } from './s3-error.js';
import { StorageError } from './asset-storage.js';
import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';

/** Longest silence of the storage while somebody waits for bytes. A reader who pauses is nobody's failure. */
const idleMs = 30_000;

/** The same as a stream; leaving it, even before the first byte was asked for, ends the connection. */
export function toStream(body: unknown): Readable {
  const stream = Readable.from(readBody(body), { objectMode: false });
  // A generator that was never asked has nothing to clean up, but there is a connection.
  if (body instanceof Readable) stream.once('close', () => body.destroy());
  return stream;
}

/**
 * The bytes of an answer, as they come. Ends the connection when it is left early, and when the storage falls silent.
 * Rejects with `io-failed` when they break off.
 */
export async function* readBody(body: unknown): AsyncGenerator<Uint8Array, void, undefined> {
  if (!(body instanceof Readable)) throw new StorageError('io-failed', 'reading an asset: no bytes came');
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const onSilence = (): void => {
    body.destroy(new StorageError('io-failed', `reading an asset: nothing came for ${idleMs / 1000} s`));
  };
  try {
    for (;;) {
      const timer = setTimeout(onSilence, idleMs);
      const next = await chunks.next().finally(() => {
        clearTimeout(timer);
      });
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    throw toS3StorageError(error, 'reading an asset');
  } finally {
    body.destroy();
  }
}

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

interface ObjectName {
  readonly Bucket: string;
  readonly Key: string;
}

/**
 * Deletes an object for good; harmless where it is not there. In a bucket that keeps versions a deletion only puts a
 * marker in front of them: then every version goes, and every marker. Rejects where that is not allowed, because audio
 * that is said to be deleted must not live on.
 */
export async function deleteObject(client: S3Client, name: ObjectName): Promise<void> {
  let keepsVersions = false;
  try {
    const { DeleteMarker, VersionId } = await client.send(new DeleteObjectCommand(name));
    keepsVersions = DeleteMarker === true || VersionId !== undefined;
    if (keepsVersions) await deleteVersions(client, name);
  } catch (error) {
    if (isS3Missing(error)) return;
    if (!keepsVersions) throw toS3StorageError(error, 'removing an asset');
    const { code } = readS3Failure(error);
    throw new StorageError(
      'io-failed',
      `removing an asset: the bucket keeps versions, and Earshot may not delete them (${code}): allow s3:ListBucketVersions and s3:DeleteObjectVersion`,
    );
  }
}

/** The first page may begin with other keys that begin alike; those are left alone. */
async function deleteVersions(client: S3Client, { Bucket, Key }: ObjectName): Promise<void> {
  let after: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key, ...after }));
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    for (const { Key: key, VersionId } of found) {
      if (key === Key && VersionId !== undefined)
        await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
    if (!page.IsTruncated || page.NextKeyMarker === undefined || page.NextKeyMarker > Key) return;
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    after = VersionIdMarker === undefined ? { KeyMarker } : { KeyMarker, VersionIdMarker };
  }
}
