import { expect } from 'vitest';
import { senderTimeoutMs } from '../../src/protocol/acknowledgement.js';
import type { PushAnswer } from '../support/push-sender.js';
import { patience } from '../support/test-run.js';

/**
 * Refusals reach the sender before it gives up: the server sees to 650 ms. On a machine that does other
 * things besides, any single answer may be late through no fault of the server, so of many the fastest is
 * held to the sender's 700 ms, and none may hang.
 */
export function expectInTime(answers: readonly PushAnswer[]): void {
  const durations = answers.map(({ durationMs }) => durationMs);
  expect(Math.min(...durations)).toBeLessThan(senderTimeoutMs * patience);
  expect(Math.max(...durations)).toBeLessThan(10 * senderTimeoutMs * patience);
}
