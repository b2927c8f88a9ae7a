import { type AssetStorage, StorageError } from '../storage/asset-storage.js';
import type { Recording } from '../store/recordings.js';
import type { ExportedCall } from './call-pages.js';
import { checkAsset, type CheckedAsset } from './checked-asset.js';
import type { Absence, RecordingManifest } from './recording-manifest.js';
import type { ZipWriter } from './zip/zip-writer.js';

interface RecordingsZipParts {
  readonly storage: Pick<AssetStorage, 'read'>;
  readonly zip: ZipWriter;
  readonly manifest: RecordingManifest;
  readonly madeAt: number;
  readonly signal: AbortSignal;
  /** A recording is done, whatever came of it. */
  readonly onRecording: () => void;
}

/** Of an object storage, most of the time for a small recording is the way there and back. */
const readAtOnce = 4;
const maxHeldBytes = 8 * 1024 * 1024;
/** One that cannot be read is listed; so many, one after the other, mean that the storage is away. */
const maxUnreadableInARow = 20;

/** Archived recordings of calls under their file names, a folder for each day, with a manifest of all that there are. */
export async function writeRecordingsZip(
  pages: AsyncIterable<readonly ExportedCall[]>,
  parts: RecordingsZipParts,
): Promise<void> {
  const { zip, manifest, madeAt, onRecording } = parts;
  let unreadable = 0;
  const read = (recording: Recording) => readRecording(recording, parts);
  for await (const [recording, found] of inOrder(recordingsOf(pages), readAtOnce, read)) {
    unreadable = found === 'unreadable' ? unreadable + 1 : 0;
    if (unreadable > maxUnreadableInARow)
      throw new StorageError('io-failed', 'reading recordings: none of the last could be read');
    if (typeof found === 'string') {
      await manifest.addAbsent(recording, found);
    } else {
      await addFile(zip, found);
      await manifest.addFile(recording, found.asset);
    }
    onRecording();
  }
  await manifest.writeTo(zip, madeAt);
}

/** How much a ZIP of these calls would hold. */
export async function measureRecordings(
  pages: AsyncIterable<readonly ExportedCall[]>,
): Promise<{ recordings: number; bytes: number }> {
  let [recordings, bytes] = [0, 0];
  for await (const { asset } of recordingsOf(pages)) {
    recordings++;
    bytes += asset?.bytes ?? 0;
  }
  return { recordings, bytes };
}

async function addFile(zip: ZipWriter, file: CheckedAsset): Promise<void> {
  const { fileName: name, bytes, archivedAt: modifiedAt } = file.asset;
  await zip.addStored({ name, bytes, crc32: file.crc32, modifiedAt }, file.read());
}

async function readRecording(
  recording: Recording,
  { storage, signal }: RecordingsZipParts,
): Promise<readonly [Recording, CheckedAsset | Absence]> {
  if (!recording.asset) return [recording, 'not-archived'];
  return [recording, await checkAsset(recording.asset, { storage, signal, maxHeldBytes })];
}

async function* recordingsOf(
  pages: AsyncIterable<readonly ExportedCall[]>,
): AsyncGenerator<Recording, void, undefined> {
  for await (const calls of pages) for (const { recordings } of calls) yield* recordings;
}

/**
 * The results of `work` in the order of the items, a few of which are worked on at once. Whoever stops reading stops
 * it: what had begun is waited for, and what came of it is let go.
 */
async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const begun: Promise<Result>[] = [];
  const begin = (item: Item): void => {
    const result = work(item);
    // Reported by whoever comes to it; until then it must not count as unhandled.
    result.catch(() => undefined);
    begun.push(result);
  };
  const first = (): Promise<Result> => begun.shift() as Promise<Result>;
  try {
    for await (const item of items) {
      begin(item);
      if (begun.length >= atOnce) yield await first();
    }
    while (begun.length > 0) yield await first();
  } finally {
    await Promise.allSettled(begun);
  }
}
