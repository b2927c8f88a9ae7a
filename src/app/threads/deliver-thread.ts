import { parentPort, workerData } from 'node:worker_threads';
import { Dispatcher } from '../../deliver/dispatcher.js';
import { defaultDispatcherSettings } from '../../deliver/dispatcher-settings.js';
import { createAddressGuard } from '../../net/address-guard.js';
import { createGuardedClient } from '../../net/guarded-fetch.js';
import { LinkKeyring } from '../../publish/link-keyring.js';
import { openThreadRoles, type StorePorts } from '../../store/sqlite/thread-roles.js';
import { yieldToIntake } from '../../store/sqlite/thread-priority.js';
import { runConsumer } from '../consumer-loop.js';
import { createLogger } from '../logger.js';
import type { LogLevel } from '../settings.js';
import { makeWebhookId } from '../webhook-id.js';
import { endpointsChangedMessage, stopSignal, tell, type EndedDelivery } from './thread-messages.js';

/** Thread of the dispatcher: pushes the journal on to endpoints, away from intake. */
export interface DeliverThreadData {
  readonly ports: StorePorts;
  readonly logLevel: LogLevel;
  readonly allowNetworks: readonly string[];
  /** How the outside reaches Earshot, without a trailing slash. */
  readonly publicUrl: string;
  readonly linkMs: number;
  readonly userAgent: string;
}

/** The metrics need not hear of each attempt by itself. */
const tellEveryMs = 100;
/** A rotation or revocation of link keys by another is noticed within this time. */
const followLinkKeysMs = 1_000;
/** Connections that idle for a moment: an endpoint that is pushed to all the time should find its own again. */
const maxIdle = 256;

if (!parentPort) throw new Error('deliver-thread runs as a worker thread only');
const { ports, logLevel, allowNetworks, publicUrl, linkMs, userAgent } = workerData as DeliverThreadData;
yieldToIntake();
const log = createLogger(logLevel, 'deliver');
const roles = openThreadRoles(ports);
const client = createGuardedClient({ guard: createAddressGuard(allowNetworks), maxIdle });
const clock = (): number => Date.now();
const links = new LinkKeyring({ linkKeys: roles.linkKeys, publicUrl: () => publicUrl, linkMs, clock });
const signal = stopSignal(parentPort);

let ended: EndedDelivery[] = [];
const telling = setInterval(() => {
  if (ended.length === 0) return;
  tell({ kind: 'pushed', attempts: ended });
  ended = [];
}, tellEveryMs);

const dispatcher = new Dispatcher({
  ...roles,
  client,
  minter: () => links.minter(),
  clock,
  stopwatch: () => performance.now(),
  random: () => Math.random(),
  newWebhookId: makeWebhookId,
  userAgent,
  settings: defaultDispatcherSettings,
  log,
  onAttempt: (endpointId, { outcome, reason, durationMs }, messages) => {
    ended.push({ endpointId, outcome, reason, durationMs, messages });
  },
});
parentPort.on('message', (message: unknown) => {
  if (message === endpointsChangedMessage) dispatcher.endpointsChanged();
});

dispatcher.start();
await runConsumer(
  {
    step: () => links.step(),
    idleMs: followLinkKeysMs,
    failureMs: followLinkKeysMs,
    onFailure: (error) => {
      log.warn({ err: error }, 'The keys of signed links could not be read; it is tried again.');
    },
  },
  signal,
);
await dispatcher.stop();
clearInterval(telling);
client.close();
roles.close();
parentPort.close();
