import type { Logger } from 'pino';
import type { Clock, Random } from '../domain/clock.js';
import type { DeliveryAttempt } from '../domain/delivery.js';
import type {
  Cut,
  DeliveriesReader,
  DeliverySettlement,
  Dispatch,
  OpenDelivery,
} from '../store/deliveries.js';
import type { ReplaysReader } from '../store/replays.js';
import type { ByteBudget } from './byte-budget.js';
import type { GatheredWrites } from './gathered-writes.js';
import type { JournalWindow } from './journal-window.js';
import type { ContentParts } from './push-content.js';
import type { SendDeps } from './send-push.js';
import { defaultLeaseMs, toLeaseTimes, type LeaseTimes } from '../domain/lease.js';

/** What may be tuned about delivering, and what it is if nobody does. A killed process's endpoints are free again after their lease. */
export interface DispatcherSettings extends LeaseTimes {
  /** How soon new entries, retries and probes that are due are noticed. */
  readonly tickMs: number;
  /** How soon an endpoint that nobody serves is taken. */
  readonly acquireMs: number;
  /** How long an endpoint may be free before a process takes it that has its share already: the others look every `acquireMs`. */
  readonly patienceMs: number;
  /** Who has taken more than its share because nobody else did keeps it for so long: giving it back at once would be in vain. */
  readonly keepMs: number;
  /** How long pushes under way may take to end before their endpoint goes to another process; no other push begins meanwhile. */
  readonly handOverGraceMs: number;
  /** Batches cut ahead of what an endpoint has been sent, so that they share an fsync: at first, and while it fails. */
  readonly aheadBatches: number;
  /** The same for an endpoint that takes them faster than they are cut. */
  readonly mostAheadBatches: number;
  /** Open deliveries of one endpoint in memory: beyond, those that wait hold back those behind them. */
  readonly maxOpen: number;
  /** Attempts of one endpoint whose settlement is not durable yet: what a crash may repeat. */
  readonly maxUnsettled: number;
  /** What came of pushes is written together: nobody waits for it, and each write costs the disk and a core as much as a push. */
  readonly settleLingerMs: number;
  /** Of a batch's texts; a single message may be larger. */
  readonly maxBatchBytes: number;
  /** Of texts under way, for one endpoint and for all together. One push may always go. */
  readonly maxBytesEach: number;
  readonly maxBytesInAll: number;
  /** Entries that one endpoint looks at before the others have a turn. */
  readonly scanEntries: number;
  /** How long pushes under way may take to end when everything stops. */
  readonly stopGraceMs: number;
}

export const defaultDispatcherSettings: DispatcherSettings = {
  tickMs: 50,
  ...toLeaseTimes(defaultLeaseMs),
  acquireMs: 1_000,
  patienceMs: 3_000,
  keepMs: 60_000,
  handOverGraceMs: 10_000,
  aheadBatches: 16,
  mostAheadBatches: 128,
  maxOpen: 256,
  maxUnsettled: 64,
  settleLingerMs: 15,
  maxBatchBytes: 4 * 1024 * 1024,
  maxBytesEach: 4 * 1024 * 1024,
  maxBytesInAll: 64 * 1024 * 1024,
  scanEntries: 5_000,
  stopGraceMs: 1_500,
};

/** What every endpoint's worker shares with the others. */
export interface WorkerDeps extends SendDeps, Pick<ContentParts, 'minter'> {
  readonly window: JournalWindow;
  readonly cuts: GatheredWrites<Cut, OpenDelivery[] | undefined>;
  readonly settlements: GatheredWrites<DeliverySettlement, boolean>;
  readonly dispatch: Pick<Dispatch, 'cutReplay'>;
  readonly deliveries: Pick<DeliveriesReader, 'open' | 'covered'>;
  readonly replays: Pick<ReplaysReader, 'running' | 'deadDeliveries'>;
  readonly budget: ByteBudget;
  readonly clock: Clock;
  readonly random: Random;
  readonly newWebhookId: () => string;
  readonly settings: DispatcherSettings;
  readonly log: Logger;
  readonly onAttempt: (endpointId: string, attempt: DeliveryAttempt, messages: number) => void;
  /** A write was refused: the lease may be gone. */
  readonly onDoubt: () => void;
}
