import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  GetObjectCommand,
  HeadObjectCommand,
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { dispositionOf, mediaTypeOf } from '../domain/audio-headers.js';
import type { AssetStorage, CommitOptions, PresignOptions } from './asset-storage.js';
import { ByteBudget } from './byte-budget.js';
import type { FinishedDraft } from './disk-draft.js';
import type { DiskReserve } from './disk-room.js';
import { openDraftFolder } from './draft-folder.js';
import { FolderSync } from './folder-sync.js';
import { connectToS3, type S3Access } from './s3-client.js';
import { deleteObject, toStream, verifyObject } from './s3-objects.js';
import { isS3Missing, toS3StorageError } from './s3-error.js';
import { upload, type UploadTarget } from './s3-upload.js';
import { parseS3Url, type S3Place } from './s3-url.js';

export interface S3StorageOptions extends S3Access {
  /** As `parseS3Url` reads it. */
  readonly url: string;
  /** Of this process alone: drafts lie here until they are whole, and sent. */
  readonly stagingDir: string;
  readonly reserve?: DiskReserve;
}

/** Pieces in memory at most, of all commits together. */
const piecesInMemory = 4;

/**
 * Assets as objects of a bucket. Drafts are files on this machine, so that a download is verified before anything is
 * sent, can be continued and looked into, and outlives a commit that failed; a commit sends the file and asks the
 * server what it has. An object appears whole or not at all: until the last piece is taken its name has what it had.
 * Nothing is asked of the server when it is opened.
 */
export async function openS3Storage(options: S3StorageOptions): Promise<AssetStorage> {
  const place = parseS3Url(options.url);
  const s3 = connectToS3(place, options);
  const { client } = s3;
  const budget = new ByteBudget(piecesInMemory * place.partBytes);
  const nameOf = (fileName: string) => ({
    Bucket: place.bucket,
    Key: place.prefix + place.keyOf(fileName),
  });

  const publish = async (
    fileName: string,
    finished: FinishedDraft,
    { sha256, signal = new AbortController().signal }: CommitOptions,
  ): Promise<void> => {
    const target = toTarget(place, nameOf(fileName), fileName);
    const { handle: file, bytes } = finished;
    try {
      const expected = await upload(s3, budget, {
        ...{ file, bytes, target, signal, partBytes: place.partBytes },
        sha256: sha256 ?? (await hashOf(finished)),
      });
      await verifyObject(client, nameOf(fileName), expected, signal);
    } catch (error) {
      throw toS3StorageError(error, 'keeping an asset', Math.min(bytes, place.partBytes));
    }
    // The asset is there: a file that cannot be removed is swept one day.
    await rm(finished.path, { force: true }).catch(() => undefined);
  };
  const drafts = await openDraftFolder(options.stagingDir, new FolderSync(), publish, options.reserve);

  return {
    openDraft: (recordingId) => drafts.open(recordingId),

    sweepDrafts: async (before) => {
      const removed = await drafts.sweep(before);
      await abortOldUploads(client, place, before);
      return removed;
    },

    wholeDrafts: () => drafts.whole(),

    draftRoom: async () => (await drafts.room()).roomBytes,

    reservedBytes: async () => (await drafts.room()).reservedBytes,

    read: async (fileName, range) => {
      const name = nameOf(fileName);
      const Range = range && `bytes=${range.start}-${range.end}`;
      try {
        const { Body } = await client.send(new GetObjectCommand({ ...name, ...(Range ? { Range } : {}) }));
        return toStream(Body);
      } catch (error) {
        throw toS3StorageError(error, 'reading an asset');
      }
    },

    size: async (fileName) => {
      try {
        return (await client.send(new HeadObjectCommand(nameOf(fileName)))).ContentLength;
      } catch (error) {
        if (isS3Missing(error)) return undefined;
        throw toS3StorageError(error, 'looking for an asset');
      }
    },

    remove: async (fileName) => {
      await deleteObject(client, nameOf(fileName));
    },

    freeBytes: () => Promise.resolve(undefined),

    ...(place.isPresigned
      ? {
          presign: async (fileName: string, how: PresignOptions): Promise<string> => {
            const command = new GetObjectCommand({
              ...nameOf(fileName),
              ResponseContentType: how.contentType,
              ResponseContentDisposition: how.contentDisposition,
            });
            return await getSignedUrl(client, command, { expiresIn: how.expiresInSeconds });
          },
        }
      : {}),
  };
}

function toTarget(
  { encryption }: S3Place,
  name: { readonly Bucket: string; readonly Key: string },
  fileName: string,
): UploadTarget {
  return {
    ...name,
    ContentType: mediaTypeOf(extname(fileName).slice(1)),
    ContentDisposition: dispositionOf(fileName),
    ...(encryption ? { ServerSideEncryption: encryption.kind } : {}),
    ...(encryption?.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }),
  };
}

async function hashOf({ path }: FinishedDraft): Promise<string> {
  const sha256 = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 512 * 1024 }))
    sha256.update(chunk as Uint8Array);
  return sha256.digest('hex');
}

/** Ends uploads below our prefix that were begun before `before` (ms): their process died, and what they sent is paid for. */
async function abortOldUploads(
  client: S3Client,
  { bucket: Bucket, prefix: Prefix }: Pick<S3Place, 'bucket' | 'prefix'>,
  before: number,
): Promise<void> {
  let after: { KeyMarker?: string; UploadIdMarker?: string } = {};
  try {
    for (;;) {
      const page = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix, ...after }));
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (!Initiated || Initiated.getTime() >= before) continue;
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      }
      if (!page.IsTruncated || page.NextKeyMarker === undefined) return;
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      after = UploadIdMarker === undefined ? { KeyMarker } : { KeyMarker, UploadIdMarker };
    }
  } catch (error) {
    throw toS3StorageError(error, 'ending old uploads');
  }
}
