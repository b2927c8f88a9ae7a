import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { defaultDispatcherSettings } from '../deliver/worker-deps.js';
import { JournalWindow } from '../deliver/journal-window.js';
import { countReplay } from '../deliver/replay-feed.js';
import { sendTest } from '../deliver/send-push.js';
import type { Clock } from '../domain/clock.js';
import { createAddressGuard } from '../net/address-guard.js';
import { createGuardedClient } from '../net/guarded-fetch.js';
import { createLookup } from '../net/name-lookup.js';
import { createTargetCheck } from '../net/target-check.js';
import { toWebhookSecret } from '../protocol/webhook-signature.js';
import type { DeliveryArea } from '../http/areas.js';
import type { Store } from '../store/store.js';
import type { Config } from '../settings/config.js';
import type { LinkKeyring } from '../publish/link-keyring.js';
import { runConsumer } from '../runtime/consumer-loop.js';

export interface SendingParts {
  readonly config: Pick<Config, 'endpointNetworks'>;
  readonly store: Pick<
    Store,
    | 'endpoints'
    | 'endpointsWriter'
    | 'deliveries'
    | 'replays'
    | 'replaysWriter'
    | 'acknowledgements'
    | 'journal'
  >;
  /** An endpoint, or what it has to send, changed. */
  readonly onEndpointsChanged: () => void;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly stopwatch: Clock;
}

/** Endpoints, deliveries and replays for the API. */
export function createSending(parts: SendingParts): { readonly area: DeliveryArea; close(): void } {
  const { config, store, userAgent, onEndpointsChanged, clock, stopwatch } = parts;
  const { endpoints, endpointsWriter, deliveries, replays, replaysWriter, acknowledgements, journal } = store;
  const guard = createAddressGuard(config.endpointNetworks);
  const client = createGuardedClient({ guard });
  return {
    area: {
      ...{ endpoints, endpointsWriter, deliveries, replays, replaysWriter, acknowledgements, journal },
      ...{ onEndpointsChanged, clock },
      checkTarget: createTargetCheck({ guard, lookup: createLookup() }),
      makeWebhookSecret: () => toWebhookSecret(randomBytes(32)),
      makeWebhookId,
      testEndpoint: (endpoint) =>
        sendTest(endpoint, { client, stopwatch, userAgent, clock, newWebhookId: makeWebhookId }),
      previewReplay: async (endpointId, selection) => {
        const endpoint = await endpoints.get(endpointId);
        if (!endpoint) return { messages: 0 };
        const { cursor, settings } = endpoint;
        // What lies beyond the cursor is on its way by itself.
        const window = { ...selection, untilSeq: Math.min(selection.untilSeq, cursor) };
        const deps = { window: new JournalWindow(journal), deliveries };
        return countReplay(endpointId, window, settings, defaultDispatcherSettings.scanEntries, deps);
      },
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
