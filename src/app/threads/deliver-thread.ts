import { Dispatcher } from '../../deliver/dispatcher.js';
import { defaultDispatcherSettings } from '../../deliver/worker-deps.js';
import { toLeaseTimes } from '../../domain/lease.js';
import { createAddressGuard } from '../../net/address-guard.js';
import { createGuardedClient } from '../../net/guarded-fetch.js';
import { LinkKeyring } from '../../publish/link-keyring.js';
import { createProcessCount } from '../../telemetry/presence.js';
import { followLinkKeys, makeWebhookId } from '../sending.js';
import { runThread, type ThreadData } from './run-thread.js';
import {
  type EndedDelivery,
  endpointsChangedMessage,
  entriesMessage,
  tell,
} from '../../runtime/thread-messages.js';

/** Thread of the dispatcher: pushes the journal on to endpoints, away from intake. */
export interface DeliverThreadData extends ThreadData {
  readonly endpointNetworks: readonly string[];
  /** How the outside reaches Earshot, without a trailing slash. */
  readonly publicUrl: string;
  readonly linkMs: number;
  readonly userAgent: string;
}

/** Attempts reach the metrics together. */
const tellEveryMs = 100;
/** Connections that idle for a moment: an endpoint that is pushed to all the time should find its own again. */
const maxIdle = 256;

await runThread<DeliverThreadData>('deliver', async ({ data, store, log, clock, signal, listen }) => {
  const client = createGuardedClient({ guard: createAddressGuard(data.endpointNetworks), maxIdle });
  const { publicUrl, linkMs, userAgent } = data;
  const links = new LinkKeyring({ linkKeys: store.linkKeys, publicUrl: () => publicUrl, linkMs, clock });
  const telling = createTelling(() => dispatcher.served);
  const share =
    store.shared &&
    createProcessCount({
      ...{
        processes: store.shared.processes,
        role: 'deliver',
        instance: data.instance,
        clock,
        leaseMs: data.leaseMs,
      },
    });
  const dispatcher = new Dispatcher({
    ...store,
    client,
    minter: () => links.minter(),
    clock,
    stopwatch: () => performance.now(),
    random: () => Math.random(),
    newWebhookId: makeWebhookId,
    userAgent,
    settings: { ...defaultDispatcherSettings, ...toLeaseTimes(data.leaseMs) },
    ...(share ? { share } : {}),
    log,
    onAttempt: (endpointId, { outcome, reason, durationMs }, messages) => {
      telling.add({ endpointId, outcome, reason, durationMs, messages });
    },
  });
  listen((message) => {
    if (message === endpointsChangedMessage) dispatcher.endpointsChanged();
    else if (message === entriesMessage) dispatcher.journalGrew();
  });
  dispatcher.start();
  await followLinkKeys(links, log, signal);
  await dispatcher.stop();
  telling.end();
  client.close();
});

function createTelling(served: () => number): { add: (ended: EndedDelivery) => void; end: () => void } {
  let ended: EndedDelivery[] = [];
  let told = -1;
  const tellAll = (): void => {
    if (told !== served()) tell({ kind: 'serving', endpoints: (told = served()) });
    if (ended.length === 0) return;
    tell({ kind: 'pushed', attempts: ended });
    ended = [];
  };
  const timer = setInterval(tellAll, tellEveryMs);
  return {
    add: (attempt) => ended.push(attempt),
    end: () => {
      clearInterval(timer);
      tellAll();
    },
  };
}
