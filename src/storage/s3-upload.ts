import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import type { ByteBudget } from './byte-budget.js';
import type { S3Connection } from './s3-client.js';
import { readS3Failure } from './s3-error.js';
import type { ExpectedObject } from './s3-objects.js';
import { StorageError } from './asset-storage.js';

/**
 * A file on its way to an object.
 *
 *   small ──PutObject──▶ there
 *   large ──create──▶ parts, two at a time ──complete──▶ there
 *                       └─ anything fails ──abort──▶ nothing was ever to be seen
 *
 * By hand rather than with lib-storage: that one takes a stream, so that it keeps whole parts for its repeats and
 * knows neither the digest of a part before it is sent nor the file's before the first. We have a file. Each part is
 * read when its turn comes, is sent with its Content-MD5, which every server checks before it takes a byte, and may
 * be sent again; and while parts are read they are hashed once more, so that a file that is no longer what was
 * downloaded never becomes an object.
 */
export interface Upload {
  readonly file: FileHandle;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly target: UploadTarget;
  readonly partBytes: number;
  readonly signal: AbortSignal;
}

/** Bucket, key and everything that is told of the object. */
export interface UploadTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
  readonly ContentDisposition: string;
  readonly ServerSideEncryption?: 'AES256' | 'aws:kms';
  readonly SSEKMSKeyId?: string;
}

/** Of one object at a time; all objects together are bound by the budget. */
const partsAtOnce = 2;
const maxParts = 10_000;
/** Putting parts together takes some servers a minute. */
const completeMs = 120_000;

/** Sends the file; what the object must be then. Rejects with whatever the client throws, or `draft-damaged`. */
export async function upload(s3: S3Connection, budget: ByteBudget, what: Upload): Promise<ExpectedObject> {
  return what.bytes <= what.partBytes ? putWhole(s3, budget, what) : putParts(s3, budget, what);
}

async function putWhole(s3: S3Connection, budget: ByteBudget, what: Upload): Promise<ExpectedObject> {
  const { bytes, sha256, signal } = what;
  await budget.take(bytes);
  try {
    const body = await readPart(what.file, 0, bytes);
    if (createHash('sha256').update(body).digest('hex') !== sha256) throw damaged();
    const md5 = createHash('md5').update(body).digest();
    const command = new PutObjectCommand({
      ...what.target,
      Metadata: { sha256 },
      Body: body,
      ContentMD5: md5.toString('base64'),
    });
    await s3.sender.send(command, { abortSignal: signal, requestTimeout: s3.requestMs(bytes) });
    return { bytes, sha256, etag: md5.toString('hex') };
  } finally {
    budget.giveBack(bytes);
  }
}

async function putParts(s3: S3Connection, budget: ByteBudget, what: Upload): Promise<ExpectedObject> {
  const { Bucket, Key } = what.target;
  const create = new CreateMultipartUploadCommand({ ...what.target, Metadata: { sha256: what.sha256 } });
  const { UploadId } = await s3.client.send(create, { abortSignal: what.signal });
  const upload = { Bucket, Key, UploadId };
  try {
    const { parts, etag } = await sendParts(s3, budget, what, upload);
    await complete(s3, upload, parts, what.signal);
    return { bytes: what.bytes, sha256: what.sha256, etag };
  } catch (error) {
    // Parts of an upload that nobody ends are paid for, and seen by nobody. What cannot be aborted now is swept later.
    await s3.client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

interface UploadName {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

/** Reads one part after the other, and sends each while the next is read. */
async function sendParts(
  s3: S3Connection,
  budget: ByteBudget,
  what: Upload,
  upload: UploadName,
): Promise<{ readonly parts: CompletedPart[]; readonly etag: string }> {
  const partBytes = Math.max(what.partBytes, Math.ceil(what.bytes / maxParts));
  const sha256 = createHash('sha256');
  const digests = createHash('md5');
  const failed = new AbortController();
  const signal = AbortSignal.any([what.signal, failed.signal]);
  const parts: CompletedPart[] = [];
  const sending = new Set<Promise<void>>();
  try {
    for (let start = 0; start < what.bytes; start += partBytes) {
      const length = Math.min(partBytes, what.bytes - start);
      while (sending.size >= partsAtOnce) await Promise.race(sending);
      await budget.take(length);
      try {
        const body = await readPart(what.file, start, length);
        sha256.update(body);
        const md5 = createHash('md5').update(body).digest();
        digests.update(md5);
        const part = { number: start / partBytes + 1, body, md5 };
        const sent = sendPart(s3, upload, part, signal).then((done) => {
          parts[part.number - 1] = done;
        });
        track(sent, sending, () => {
          budget.giveBack(length);
        });
      } catch (error) {
        budget.giveBack(length);
        throw error;
      }
    }
    await Promise.all(sending);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(sending);
    throw error;
  }
  if (sha256.digest('hex') !== what.sha256) throw damaged();
  return { parts, etag: `${digests.digest('hex')}-${parts.length}` };
}

/** A failure stays in the set, for whoever awaits it next. */
function track(work: Promise<void>, running: Set<Promise<void>>, onEnd: () => void): void {
  running.add(work);
  work.then(
    () => running.delete(work),
    () => undefined,
  );
  work.then(onEnd, onEnd);
}

async function sendPart(
  s3: S3Connection,
  upload: UploadName,
  { number, body, md5 }: { readonly number: number; readonly body: Buffer; readonly md5: Buffer },
  signal: AbortSignal,
): Promise<CompletedPart> {
  const part = { ...upload, PartNumber: number, Body: body, ContentMD5: md5.toString('base64') };
  const command = new UploadPartCommand(part);
  const { ETag } = await s3.sender.send(command, {
    abortSignal: signal,
    requestTimeout: s3.requestMs(body.length),
  });
  return { PartNumber: number, ETag };
}

async function complete(
  s3: S3Connection,
  upload: UploadName,
  parts: CompletedPart[],
  signal: AbortSignal,
): Promise<void> {
  const command = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } });
  try {
    await s3.client.send(command, { abortSignal: signal, requestTimeout: completeMs });
  } catch (error) {
    // Asked twice, because the first answer was lost: the object tells, when it is looked at next.
    if (readS3Failure(error).code !== 'NoSuchUpload') throw error;
  }
}

async function readPart(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const body = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(body, at, length - at, start + at);
    if (bytesRead === 0) throw damaged();
    at += bytesRead;
  }
  return body;
}

function damaged(): StorageError {
  return new StorageError('draft-damaged', 'keeping an asset: the draft is not what was written to it');
}
