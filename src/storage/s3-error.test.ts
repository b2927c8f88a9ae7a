import { expect, it } from 'vitest';
import { toS3StorageError } from './s3-error.js';

const answer = (status: number, code: string, message = 'No.') =>
  Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } });

it.each([
  answer(403, 'QuotaExceeded'),
  answer(507, 'Unknown'),
  answer(507, 'InsufficientStorage'),
  answer(507, 'XMinioStorageFull'),
  answer(400, 'XMinioAdminBucketQuotaExceeded'),
  answer(403, 'BucketQuotaExceeded'),
  answer(409, 'StorageQuotaExceeded'),
  answer(409, 'InsufficientCapacity'),
  answer(400, 'NotEnoughSpace'),
  answer(400, 'StorageLimitExceeded'),
  answer(403, 'Forbidden', 'The bucket has exceeded its quota'),
  answer(403, 'AccessDenied', 'Bucket quota exceeded.'),
  answer(500, 'InternalError', 'write /data: no space left on device'),
])('$name ($message) is a storage without space', (error) => {
  expect(toS3StorageError(error, 'keeping an asset').code).toBe('no-space');
});

it.each([
  answer(403, 'AccessDenied', 'Access Denied'),
  answer(503, 'SlowDown', 'Please reduce your request rate.'),
  answer(503, 'RequestLimitExceeded'),
  answer(429, 'TooManyRequests', 'Request quota exceeded'),
  answer(400, 'RequestQuotaExceeded'),
  answer(404, 'NoSuchBucket', 'The specified bucket does not exist'),
  answer(500, 'InternalError', 'There was an internal error.'),
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
])('$name ($message) is another failure', (error) => {
  expect(toS3StorageError(error, 'keeping an asset').code).toBe('io-failed');
});

it('names the size that was too much, and where the limit may stand', () => {
  const { message } = toS3StorageError(answer(413, 'Error'), 'keeping an asset', 2 * 1024 ** 2);
  expect(message).toContain('2.0 MiB');
  expect(message).toContain('client_max_body_size');
  expect(message).toContain('partMiB');
});
