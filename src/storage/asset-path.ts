import { join } from 'node:path';
import { StorageError } from './storage-error.js';

/** Letters, digits, `_`, `-` and inner dots: nothing that climbs, hides, or means something to a file system. */
const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const maxSegments = 8;

/** Segments of a file name below the root. Rejects (`bad-name`) whatever could lead out of it or into `.drafts`. */
export function splitFileName(fileName: string): string[] {
  const segments = fileName.split('/');
  if (segments.length > maxSegments || !segments.every((part) => segment.test(part) && !part.endsWith('.'))) {
    throw new StorageError('bad-name', 'the file name is none that an asset can have');
  }
  return segments;
}

export function toAssetPath(root: string, fileName: string): string {
  return join(root, ...splitFileName(fileName));
}

/** An id as the name of a draft; rejects (`bad-name`) what is not plain. */
export function checkDraftId(recordingId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(recordingId)) {
    throw new StorageError('bad-name', 'the recording id is none that a draft can have');
  }
  return recordingId;
}
