import type { PushSender } from '../support/push-sender.js';
import type { Ledger } from './ledger.js';
import type { LoadPush } from './push-load.js';

export interface Load {
  readonly sender: PushSender;
  readonly ledger: Ledger;
  readonly next: () => LoadPush;
  /** Pushes under way at the same time. */
  readonly concurrency: number;
  readonly isOver: () => boolean;
}

/** Pushes as fast as it is answered until it is over, and writes everything into the ledger. */
export async function runLoad({ sender, ledger, next, concurrency, isOver }: Load): Promise<void> {
  const lane = async () => {
    while (!isOver()) {
      const push = next();
      ledger.sent(push);
      ledger.answered(push, await sender.push(push.body, { headers: push.headers }));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}
