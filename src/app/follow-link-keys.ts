import type { Logger } from 'pino';
import type { LinkKeyring } from '../publish/link-keyring.js';
import { runConsumer } from './consumer-loop.js';

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
