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
import type { DispatcherSettings } from './dispatcher-settings.js';
import type { GatheredWrites } from './gathered-writes.js';
import type { JournalWindow } from './journal-window.js';
import type { ContentParts } from './push-content.js';
import type { SendDeps } from './send-push.js';

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
