import { Client } from 'undici';
import { PushTemplate } from '../load/push-template.js';

export interface PushLoopSpec {
  readonly port: number;
  readonly pushes: number;
  readonly recordsPerPush: number;
}

/**
 * The baseline of deliveries: an undici loop that posts the same bytes, one push after the other on one kept
 * connection, reads each answer, and keeps no state. Answers with the seconds that it took.
 */
export async function runPushLoop({
  port,
  pushes,
  recordsPerPush,
}: PushLoopSpec): Promise<{ seconds: number }> {
  const template = new PushTemplate(
    { port, path: '/loop', recordsPerPush, shard: 7, linkBases: ['http://127.0.0.1:9'], callSeconds: 125 },
    Date.now(),
  );
  const request = template.createRequest();
  const body = request.subarray(request.indexOf('\r\n\r\n') + 4);
  const client = new Client(`http://127.0.0.1:${port}`);
  const headers = { 'content-type': 'application/json' };
  const startedAt = performance.now();
  for (let push = 0; push < pushes; push++) {
    const answer = await client.request({ path: '/loop', method: 'POST', headers, body });
    const { code } = (await answer.body.json()) as { code: unknown };
    if (typeof code !== 'number') throw new Error('a push of the loop was not acknowledged');
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await client.close();
  return { seconds };
}
