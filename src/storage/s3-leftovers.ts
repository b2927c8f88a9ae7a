import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';
import { toS3StorageError } from './s3-error.js';
import type { S3Place } from './s3-url.js';

/** Ends uploads below our prefix that were begun before `before` (ms): their process died, and what they sent is paid for. */
export async function abortOldUploads(
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
