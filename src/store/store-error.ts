/**
 * Why the store could not do what it was asked. The state of the machine, not a mistake of the caller:
 * `full` (no space), `busy` (locked by somebody else), `corrupt`, `io`, `closed`, `newer-schema`, `unreachable`
 * (a database elsewhere did not answer, in time or at all: what was asked may have been done), `refused` (it does
 * not let us in, or cannot be used as it is set up), `moved` (the data is elsewhere now), `incomplete` (a move into it
 * was not finished), `other`.
 */
export type StoreErrorKind =
  | 'full'
  | 'busy'
  | 'corrupt'
  | 'io'
  | 'closed'
  | 'newer-schema'
  | 'unreachable'
  | 'refused'
  | 'moved'
  | 'incomplete'
  | 'other';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly kind: StoreErrorKind,
    message: string,
  ) {
    super(message);
  }
}
