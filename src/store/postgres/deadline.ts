import type pg from 'pg';
import { StoreError } from '../store-error.js';

/** The answer; or, once it is late, `unreachable`, after `onLate`. */
export async function within<T>(answer: Promise<T>, ms: number, onLate: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new StoreError('unreachable', `PostgreSQL did not answer within ${ms} ms.`));
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What `client` answers; a late answer ends its connection. */
export async function answerOf<T>(client: pg.ClientBase, answer: Promise<T>, withinMs: number): Promise<T> {
  return await within(answer, withinMs, () => {
    answer.catch(() => undefined);
    cutOff(client);
  });
}

/** A peer that swallows everything would keep a polite goodbye waiting for ever. */
export function cutOff(client: pg.ClientBase): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
}
