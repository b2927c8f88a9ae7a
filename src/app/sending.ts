import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { defaultDispatcherSettings } from '../deliver/dispatcher-settings.js';
import { JournalWindow } from '../deliver/journal-window.js';
import { countReplay } from '../deliver/replay-feed.js';
import { sendTest } from '../deliver/send-test.js';
import type { Clock } from '../domain/clock.js';
import type { DeliveryRoutesDeps } from '../http/routes/delivery-routes.js';
import type { EndpointActRoutesDeps } from '../http/routes/endpoint-act-routes.js';
import type { ReplayRoutesDeps } from '../http/routes/replay-routes.js';
import { createAddressGuard } from '../net/address-guard.js';
import { createGuardedClient } from '../net/guarded-fetch.js';
import { createLookup } from '../net/name-lookup.js';
import { createTargetCheck } from '../net/target-check.js';
import { toWebhookSecret } from '../protocol/webhook-signature.js';
import type { Store } from '../store/store.js';
import type { Config } from '../settings/config.js';
import type { LinkKeyring } from '../publish/link-keyring.js';
import { runConsumer } from '../runtime/consumer-loop.js';

type Sending = Pick<EndpointActRoutesDeps, 'checkTarget' | 'makeWebhookSecret' | 'testEndpoint'> &
  Pick<ReplayRoutesDeps, 'previewReplay'> &
  Pick<DeliveryRoutesDeps, 'makeWebhookId'>;

export interface SendingParts {
  readonly config: Pick<Config, 'endpointNetworks'>;
  readonly store: Pick<Store, 'endpoints' | 'journal' | 'deliveries'>;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly stopwatch: Clock;
}

/** What the routes of endpoints, deliveries and replays need beside the store. */
export function createSending({ config, store, userAgent, clock, stopwatch }: SendingParts): Sending & {
  close: () => void;
} {
  const guard = createAddressGuard(config.endpointNetworks);
  const client = createGuardedClient({ guard });
  return {
    checkTarget: createTargetCheck({ guard, lookup: createLookup() }),
    makeWebhookSecret: () => toWebhookSecret(randomBytes(32)),
    makeWebhookId,
    testEndpoint: (endpoint) =>
      sendTest(endpoint, { client, stopwatch, userAgent, clock, newWebhookId: makeWebhookId }),
    previewReplay: async (endpointId, selection) => {
      const endpoint = await store.endpoints.get(endpointId);
      if (!endpoint) return { messages: 0 };
      const { cursor, settings } = endpoint;
      // What lies beyond the cursor is on its way by itself.
      const window = { ...selection, untilSeq: Math.min(selection.untilSeq, cursor) };
      const deps = { window: new JournalWindow(store.journal), deliveries: store.deliveries };
      return countReplay(endpointId, window, settings, defaultDispatcherSettings.scanEntries, deps);
    },
    close: () => {
      client.close();
    },
  };
}

/** A new `webhook-id`: 128 random bits, in letters that every log and shell takes as one word. */
export function makeWebhookId(): string {
  return `msg_${randomBytes(16).toString('hex')}`;
}

/** A rotation or revocation by another process is noticed within this time. */
const everyMs = 1_000;

/** Keeps a keyring up to date until `signal` aborts. */
export function followLinkKeys(links: LinkKeyring, log: Logger, signal: AbortSignal): Promise<void> {
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'The keys of signed links could not be read or made; it is tried again.');
  };
  const step = () => links.step();
  return runConsumer({ step, idleMs: everyMs, failureMs: everyMs, onFailure }, signal);
}
