import { pino, type Logger } from 'pino';
import { createStoreAwayRecords } from './store-away-records.js';
import type { LogLevel } from './settings.js';

/** What may hold a secret, wherever it turns up in a record; the logger itself keeps it out. */
const secretPaths = ['link', 'recordFile', 'token', 'key', 'apiKey', 'pushToken', 'authorization'];

/** JSON lines on stderr, one logger a thread. Secrets and the queries of links never pass. */
export function createLogger(level: LogLevel, part: string): Logger {
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
