import pg from 'pg';
import { answerOf } from './deadline.js';

export interface Listening {
  readonly onMessage: (payload: string) => void;
  /** From now on nothing is missed, until it breaks. */
  readonly onListening: () => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A connection that nothing comes from may be dead: it is asked for a word so often. */
const heartbeatMs = 20_000;
const answerWithinMs = 5_000;

/** A connection of one's own for LISTEN, until `signal` aborts. Rejects when it breaks, or does not come about. */
export async function listenOn(
  client: pg.Client,
  channel: string,
  { onMessage, onListening, signal }: Listening,
): Promise<void> {
  const over = new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('end', resolve);
  });
  over.catch(() => undefined);
  client.on('notification', ({ payload = '' }) => {
    onMessage(payload);
  });
  const ask = (sql: string): Promise<unknown> => answerOf(client, client.query(sql), answerWithinMs);
  const leave = (): void => void client.end().catch(() => undefined);
  // A failed heartbeat has cut the connection off, which is over then.
  const heartbeat = setInterval(() => void ask('SELECT 1').catch(() => undefined), heartbeatMs);
  try {
    await answerOf(client, client.connect(), answerWithinMs);
    signal.addEventListener('abort', leave);
    await ask(`LISTEN ${pg.escapeIdentifier(channel)}`);
    if (signal.aborted) leave();
    else onListening();
    await over;
  } finally {
    clearInterval(heartbeat);
    signal.removeEventListener('abort', leave);
    leave();
  }
}
