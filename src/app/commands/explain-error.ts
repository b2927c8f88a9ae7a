import { ApiProblem } from '../../contract/client.js';
import { AppError, errorTable, type ErrorCode } from '../../domain/errors.js';
import { SimulationOptionError } from '../../simulator/simulation-options.js';
import { hasTooFewDescriptors } from '../descriptor-limit.js';
import { StoreError, type StoreErrorKind } from '../../store/store-error.js';

export interface Explanation {
  /** What happened and what to do, one sentence each. */
  readonly lines: readonly string[];
  /** 1 failed, 2 called wrongly. */
  readonly exitCode: 1 | 2;
}

const codeOfStoreError: Readonly<Record<StoreErrorKind, ErrorCode>> = {
  full: 'store-unavailable',
  busy: 'store-busy',
  corrupt: 'store-corrupt',
  io: 'store-unavailable',
  closed: 'store-unavailable',
  'newer-schema': 'store-too-new',
  unreachable: 'store-unavailable',
  refused: 'store-unavailable',
  moved: 'store-moved',
  incomplete: 'move-unfinished',
  other: 'store-unavailable',
};

/** What a person needs to know of an error that ended a command. */
export function explainError(error: unknown): Explanation {
  if (error instanceof AppError) return explain(error.code, error.message);
  if (error instanceof ApiProblem) return explainProblem(error);
  if (error instanceof StoreError) return explain(codeOfStoreError[error.kind], error.message);
  if (isOutOfDescriptors(error)) return explain('descriptors-too-few', (error as Error).message);
  if (error instanceof SimulationOptionError) return { lines: [`${error.message}.`], exitCode: 2 };
  return { lines: [`Earshot could not go on: ${(error as Error).stack ?? String(error)}`], exitCode: 1 };
}

/** Whatever it was that could not be opened: a file, a socket, a thread. */
function isOutOfDescriptors(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  // Node reports a package whose files it cannot open as one that is not there.
  if (code === 'ERR_MODULE_NOT_FOUND' && hasTooFewDescriptors()) return true;
  return code === 'EMFILE' || code === 'ENFILE' || (cause !== undefined && isOutOfDescriptors(cause));
}

/** What the server said no to. A value that it could not use was given on the command line. */
function explainProblem({ code, message, remedy }: ApiProblem): Explanation {
  const lines = [`${message} [${code}]`, ...(remedy === undefined ? [] : [remedy])];
  return { lines, exitCode: code.endsWith('-invalid') ? 2 : 1 };
}

function explain(code: ErrorCode, detail: string): Explanation {
  const { title, remedy } = errorTable[code];
  return { lines: [`${title}: ${detail} [${code}]`, remedy], exitCode: code === 'usage-invalid' ? 2 : 1 };
}
