import { isAcknowledged, senderTimeoutMs } from '../../protocol/acknowledgement.js';
import { samplePush } from '../../protocol/sample.js';

export interface SampleAnswer {
  readonly acknowledged: boolean;
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

/** Sends the specification's sample once, as the vendor's system would: POST, 700 ms for the whole answer. Rejects where nothing answers. */
export async function pushSample(url: string, request: typeof globalThis.fetch): Promise<SampleAnswer> {
  const startedAt = performance.now();
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    body: samplePush,
    redirect: 'manual',
    signal: AbortSignal.timeout(senderTimeoutMs),
  });
  const body = await response.text();
  const durationMs = performance.now() - startedAt;
  return { acknowledged: isAcknowledged(response.status, body), status: response.status, body, durationMs };
}
