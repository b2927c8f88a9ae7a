/**
 * Why the store could not do what it was asked. The state of the machine, not a mistake of the caller:
 * `full` (no space), `busy` (locked by somebody else), `corrupt`, `io`, `closed`, `newer-schema`, `other`.
 */
export type StoreErrorKind = 'full' | 'busy' | 'corrupt' | 'io' | 'closed' | 'newer-schema' | 'other';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly kind: StoreErrorKind,
    message: string,
  ) {
    super(message);
  }
}
