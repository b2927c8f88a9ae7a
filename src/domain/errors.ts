import { accessErrors } from './errors/access-errors.js';
import type { ErrorEntries } from './errors/error-entry.js';
import { exportErrors, operatingErrors, reviewErrors } from './errors/operating-errors.js';
import { failures } from './errors/failures.js';
import { refusals } from './errors/refusals.js';
import { startErrors } from './errors/start-errors.js';

/**
 * Every error a user can meet, under a stable code: in problem+json answers of the API, in what the
 * command line prints and in logs. Codes may be added, never renamed; `docs/errors.md` explains each
 * and a test compares the two. `status` is the HTTP status where the API answers with it.
 *
 * What the outside world refuses (a download, a push, a resolver) is no error here: it is an `Outcome` with a
 * `DownloadReason` or a `DeliveryReason`.
 */
export const errorTable = {
  ...refusals,
  ...accessErrors,
  ...reviewErrors,
  ...operatingErrors,
  ...exportErrors,
  ...failures,
  ...startErrors,
} as const satisfies ErrorEntries;

export type ErrorCode = keyof typeof errorTable;

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

/**
 * Somebody asked for what cannot be: thrown where it is noticed, answered where the caller is known.
 * `detail` is one sentence for a person; it never holds a key, a push token or the query of a link.
 */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'AppError';
    this.code = code;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}
