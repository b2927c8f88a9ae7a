import { setTimeout as wait } from 'node:timers/promises';
import type { PushSender } from '../support/push-sender.js';
import type { Ledger } from './ledger.js';
import type { LoadPush } from './push-load.js';

export interface Load {
  readonly sender: PushSender;
  readonly ledger: Ledger;
  readonly next: () => LoadPush;
  /** Pushes under way at the same time. */
  readonly concurrency: number;
  /** Between an answer and what is pushed next in its place. */
  readonly pauseMs?: number;
  readonly isOver: () => boolean;
}

/** Pushes as fast as it is answered until it is over, and writes everything into the ledger. */
export async function runLoad({
  sender,
  ledger,
  next,
  concurrency,
  pauseMs = 0,
  isOver,
}: Load): Promise<void> {
  const lane = async () => {
    while (!isOver()) {
      const push = next();
      ledger.sent(push);
      ledger.answered(push, await sender.push(push.body, { headers: push.headers }));
      if (pauseMs > 0) await wait(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}
