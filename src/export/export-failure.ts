import { StorageError } from '../storage/storage-error.js';

/** An export that cannot be made; the message is a sentence for whoever asked for it. */
class ExportFailure extends Error {
  override readonly name = 'ExportFailure';
}

export function outOfRoom(neededBytes?: number): Error {
  const need = neededBytes === undefined ? '' : ` It needs ${toGigabytes(neededBytes)} GB.`;
  return new ExportFailure(
    `There is too little room on the server's disk, where an export is put together.${need} Ask for fewer calls, or make room.`,
  );
}

/** Why an export failed, as a sentence without anything secret; undefined where it is a mistake of ours. */
export function toReason(error: unknown): string | undefined {
  if (error instanceof ExportFailure) return error.message;
  if (!(error instanceof StorageError)) return undefined;
  if (error.code === 'no-space') return outOfRoom().message;
  return 'The storage could not be read or written. Try again once it can; `earshot doctor` names the cause.';
}

function toGigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
