import type { Logger } from 'pino';
import { earshotActor, type AuditedAct } from '../access/auditor.js';
import type { Clock } from '../domain/clock.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { PushHandler } from '../http/raw-server.js';
import { ArrivalRoom } from '../intake/arrival-room.js';
import { GroupCommit } from '../intake/group-commit.js';
import { Intake } from '../intake/intake.js';
import type { PushPath } from '../domain/push-path.js';
import type { MainStore } from './open-store.js';
import { createReadiness, type Readiness } from '../telemetry/readiness.js';
import type { OverLimit, UsageTracker } from '../sources/source-limits.js';
import type { StoreWatch } from '../telemetry/store-watch.js';
import { createThrottledReport } from '../telemetry/logger.js';

/** The bound of a push, as sent (interface, HTTP). */
const maxBodyBytes = 64 * 1024 * 1024;

/** Strangers decide how often that happens: the log names the latest address, and how many there were, once in this time. */
const wrongTokensEveryMs = 60_000;

export interface ReceivingParts {
  readonly store: Pick<MainStore, 'inbox' | 'inboxState'>;
  /** Whether this process takes pushes. */
  readonly isOn: boolean;
  readonly readPath: (url: string) => PushPath;
  /** A push of this source is durable. */
  readonly days: Pick<UsageTracker, 'take' | 'giveBack'>;
  readonly onStored: (source: string, bytes: number) => void;
  readonly watch: Pick<StoreWatch, 'now'>;
  readonly metrics: Pick<Metrics, 'pushAnswered' | 'wrongToken' | 'pushOverLimit'>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly stopwatch: Clock;
}

export interface Receiving {
  readonly intake: PushHandler;
  /** Whether this process can do its part, of pushes or, without those, of the store's work. */
  readonly readiness: () => Promise<Readiness>;
  /** Resolves once every push that was taken has its answer. */
  flush(): Promise<void>;
}

/** What takes pushes. Where this process takes none, a push path is an unknown path like any other. */
export function createReceiving(parts: ReceivingParts): Receiving {
  const { store, isOn, readPath, days, onStored, watch, metrics, log, clock, stopwatch } = parts;
  const onRefused = createThrottledReport((error, groups) => {
    log.error(
      { err: error, groups },
      'Pushes could not be stored and were answered 503; the next ones are tried anew.',
    );
  }, stopwatch);
  const onWrongToken = createThrottledReport(
    (address, times) => {
      log.warn(
        { address, times },
        'Pushes came with a wrong or missing token and were answered 404. A sender that is configured wrongly loses them.',
      );
    },
    stopwatch,
    wrongTokensEveryMs,
  );
  const commit = new GroupCommit(store.inbox, stopwatch, onRefused);
  const room = new ArrivalRoom(stopwatch);
  const intake = new Intake({
    readPath: isOn ? readPath : () => ({ kind: 'wrong-token' }),
    commit,
    clock,
    onStored,
    // Where pushes are not taken, every token is as good as another.
    ...(isOn && {
      onWrongToken: (address: string) => {
        metrics.wrongToken();
        onWrongToken(address);
      },
    }),
    onAnswered: (status, ms, bytes) => {
      metrics.pushAnswered(status, ms, bytes);
    },
    maxBodyBytes,
    room,
    allowance: {
      take: (source, bytes) => {
        const isTaken = days.take(source, bytes);
        if (!isTaken) metrics.pushOverLimit();
        return isTaken;
      },
      giveBack: (source, bytes) => {
        days.giveBack(source, bytes);
      },
    },
  });
  const canStore = createReadiness(store.inbox, commit, room, stopwatch);
  return {
    intake,
    readiness: async () => {
      if (!isOn) return readinessOf(watch);
      const readiness = await canStore();
      const isSpooling = readiness.ready && (await store.inboxState?.())?.goesTo === 'local';
      return isSpooling ? { ...readiness, isSpooling } : readiness;
    },
    flush: () => commit.flush(),
  };
}

function readinessOf({ now }: Pick<StoreWatch, 'now'>): Readiness {
  return now.state === 'reachable'
    ? { ready: true }
    : { ready: false, reason: 'The store cannot be reached.' };
}

/** Tells log and audit log that a source has sent what it may; the person who set its limit decides what follows. */
export function tellOverLimit(
  log: Logger,
  record: (act: AuditedAct) => Promise<void>,
): (over: OverLimit) => void {
  return ({ source, ...limit }) => {
    log.error(
      { source, ...limit },
      limit.pushBytesPerDay === undefined
        ? 'The recordings of a source have brought what they may in one day: the others wait until the day is over, or ' +
            'until the last hours of their links. Beyond twice the limit these wait, too, and may be lost; ' +
            'a higher limit lets all of them in.'
        : 'A source has sent what it may in one day: its pushes are answered 503 until the day is over. ' +
            'A sender that gives up loses them; a higher limit lets them in at once.',
    );
    const detail = { name: source, ...limit };
    void record({ actor: earshotActor, action: 'source.over-limit', detail }).catch((error: unknown) => {
      log.warn({ err: error, source }, 'The audit log could not be told of a source that is over its limit.');
    });
  };
}
