import { buffer } from 'node:stream/consumers';
import type { Clock } from '../domain/clock.js';
import type { GuardedClient } from '../net/guarded-fetch.js';
import { senderTimeoutMs } from '../protocol/acknowledgement.js';
import { samplePush } from '../protocol/sample.js';

export interface PushedSample {
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

/** Sends the specification's sample once, as the vendor's system would: 700 ms for the whole answer. Rejects where none comes. */
export async function pushOwnSample(
  url: string,
  client: Pick<GuardedClient, 'request'>,
  stopwatch: Clock,
): Promise<PushedSample> {
  const startedAt = stopwatch();
  const answer = await client.request({
    ...{ url, method: 'POST', body: samplePush },
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    ...{ headTimeoutMs: senderTimeoutMs, idleTimeoutMs: senderTimeoutMs, totalTimeoutMs: senderTimeoutMs },
  });
  const body = (await buffer(answer.body)).toString();
  return { status: answer.status, body, durationMs: stopwatch() - startedAt };
}
