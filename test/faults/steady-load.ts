import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import { createLedger, type Ledger } from '../crash/ledger.js';
import { createPushLoad } from '../crash/push-load.js';
import { isKept, openPushSender, type PushAnswer } from '../support/push-sender.js';
import { until } from '../support/until.js';

/** A sender that never stops, whatever becomes of its receiver: about 150 pushes a second of all kinds. */
export interface SteadyLoad {
  readonly ledger: Ledger;
  /** Of pushes that were not acknowledged. */
  readonly failures: readonly PushAnswer[];
  /** Resolves when so many more have been acknowledged from now on. */
  acknowledges(more: number): Promise<void>;
  /** Sends what comes to another place from now on: a server that was started again. */
  goTo(url: string): void;
  stop(): Promise<void>;
}

const lanes = 4;
/** Of one lane, between an answer and the next push. */
const pauseMs = 25;

export function startSteadyLoad(url: string, seed = 1): SteadyLoad {
  const ledger = createLedger();
  const failures: PushAnswer[] = [];
  const next = createPushLoad(seededRandom('faults', seed));
  let sender = openPushSender(url);
  const former = [sender];
  let isOver = false;
  const lane = async (): Promise<void> => {
    while (!isOver) {
      const push = next();
      ledger.sent(push);
      const answer = await sender.push(push.body, { headers: push.headers });
      ledger.answered(push, answer);
      if (!isKept(answer)) failures.push(answer);
      await wait(pauseMs);
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  return {
    ledger,
    failures,
    acknowledges: async (more) => {
      const target = ledger.acknowledgedPushes + more;
      await until(() => ledger.acknowledgedPushes >= target, { what: `${more} more are acknowledged` });
    },
    goTo: (elsewhere) => {
      sender = openPushSender(elsewhere);
      former.push(sender);
    },
    stop: async () => {
      isOver = true;
      await running;
      for (const each of former) each.close();
    },
  };
}
