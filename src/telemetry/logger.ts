import { type Level, type LogFn, type Logger, pino } from 'pino';
import type { Clock } from '../domain/clock.js';
import { StoreError } from '../store/store-error.js';

/** What may hold a secret, wherever it turns up in a record; the logger itself keeps it out. */
const secretPaths = ['link', 'recordFile', 'token', 'key', 'apiKey', 'pushToken', 'authorization'];

/** JSON lines on stderr, one logger a thread. Secrets and the queries of links never pass. */
export function createLogger(level: Level | 'silent', part: string): Logger {
  const destination = pino.destination({ dest: 2, sync: true });
  // A reader of the log that goes away takes records with it, never the process.
  destination.on('error', () => undefined);
  const passing = createStoreAwayRecords(() => performance.now());
  return pino(
    {
      level,
      base: { part },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: secretPaths.flatMap((path) => [path, `*.${path}`, `*.headers.${path}`]),
        censor: '[redacted]',
      },
      hooks: {
        streamWrite: withoutQueries,
        logMethod(record, method) {
          const told = passing(record);
          if (told) method.apply(this, told);
        },
      },
    },
    destination,
  );
}

/**
 * Whatever wrote it: a link loses its query, a push path its secret, a database URL its user and password. Errors of other people's libraries
 * quote URLs, and an error's message becomes the record's where nothing else was said.
 */
function withoutQueries(line: string): string {
  return line
    .replaceAll(/(https?:\/\/[^\s"?\\]*)\?[^\s"\\]*/gi, '$1?…')
    .replaceAll(/\/push\/[\w-]+/g, '/push/…')
    .replaceAll(/(postgres(?:ql)?:\/\/)[^\s"@/]*@/gi, '$1…@');
}

/** While the store is away, everything that needs it fails, many times a second, for one reason. */
const everyMs = 60_000;

type LogRecord = Parameters<LogFn>;

/**
 * Of records of a store that cannot be reached, the first passes at once, without a stack, which says nothing there; those
 * that follow are counted, and told together, once a minute. `undefined`: not this one. Everything else passes.
 */
export function createStoreAwayRecords(stopwatch: Clock): (record: LogRecord) => LogRecord | undefined {
  let toldAt = -Infinity;
  let untold = 0;
  return (record) => {
    const [first, ...rest] = record as unknown as [unknown, ...unknown[]];
    const error = (first as { err?: unknown } | undefined)?.err;
    if (!(error instanceof StoreError) || error.kind !== 'unreachable') return record;
    untold++;
    const now = stopwatch();
    if (now - toldAt < everyMs) return undefined;
    const times = untold;
    toldAt = now;
    untold = 0;
    const brief = { ...(first as object), err: undefined, reason: error.message, times };
    return [brief, ...rest] as unknown as LogRecord;
  };
}

/** Between two reports of the same trouble: a full disk refuses thousands of groups a second, and the log may lie on it. */
const usualMs = 1_000;

/** Reports the first failure at once and those that follow together, once in `everyMs` at most. */
export function createThrottledReport(
  report: (error: unknown, times: number) => void,
  clock: Clock,
  everyMs = usualMs,
): (error: unknown) => void {
  let reportedAt = -Infinity;
  let unreported = 0;
  return (error) => {
    unreported++;
    if (clock() - reportedAt < everyMs) return;
    reportedAt = clock();
    report(error, unreported);
    unreported = 0;
  };
}
