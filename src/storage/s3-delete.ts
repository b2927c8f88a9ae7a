import { DeleteObjectCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { isS3Missing, readS3Failure, toS3StorageError } from './s3-error.js';
import { StorageError } from './storage-error.js';

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
