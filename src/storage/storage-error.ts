/** Why storage could not do as asked. */
export type StorageFailure =
  | 'asset-missing'
  /** Disk or quota full: better later. */
  | 'no-space'
  /** The name or id is none that can be a place in storage. */
  | 'bad-name'
  /** The draft is open already: two writers would mix their bytes. */
  | 'draft-busy'
  /** The bytes of a draft are not those that were written to it. */
  | 'draft-damaged'
  | 'io-failed';

export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly code: StorageFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What the file system threw, as an error of this folder. */
export function toStorageError(error: unknown, doing: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code = 'unknown' } = (error ?? {}) as { code?: string };
  const failure = fullCodes.has(code) ? 'no-space' : 'io-failed';
  return new StorageError(failure, `${doing}: ${code}`, { cause: error });
}
