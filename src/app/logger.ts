import { pino, type Logger } from 'pino';
import type { LogLevel } from './settings.js';

/** What may hold a secret, wherever it turns up in a record; the logger itself keeps it out. */
const secretPaths = ['link', 'recordFile', 'token', 'key', 'apiKey', 'pushToken', 'authorization'];

/** JSON lines on stderr, one logger a thread. Secrets and the queries of links never pass. */
export function createLogger(level: LogLevel, part: string): Logger {
  return pino(
    {
      level,
      base: { part },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: secretPaths.flatMap((path) => [path, `*.${path}`, `*.headers.${path}`]),
        censor: '[redacted]',
      },
      serializers: { err: (error: unknown) => withoutQueries(pino.stdSerializers.err(error as Error)) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** An error of somebody else's library may quote a URL: its query goes, and so does the secret of a push path. */
function withoutQueries(error: object): object {
  const text = JSON.stringify(error);
  return JSON.parse(
    text.replaceAll(/(https?:\/\/[^\s"?\\]*)\?[^\s"\\]*/g, '$1?…').replaceAll(/\/push\/[\w-]+/g, '/push/…'),
  ) as object;
}
