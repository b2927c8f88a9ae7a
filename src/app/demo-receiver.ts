import type { createClient } from '../contract/client.js';
import { openReceiver } from '../simulator/receiver/receiver.js';

export interface DemoReceiver {
  readonly url: string;
  /** Messages that came, those that came again counted once. */
  received(): number;
  close(): Promise<void>;
}

const name = 'demo receiver';

/**
 * A receiver on this machine that stands behind Earshot, as a company's own would: it gets each message once its
 * recording is safe, with a link of Earshot's. The endpoint outlives the demo in its data folder and leads to the
 * next demo's receiver then.
 */
export async function openDemoReceiver({
  endpoints,
}: Pick<ReturnType<typeof createClient>, 'endpoints'>): Promise<DemoReceiver> {
  let messages = 0;
  const receiver = await openReceiver(
    { port: 0 },
    {
      clock: () => Date.now(),
      onEvent: (event) => {
        if (event.kind === 'push' && (event.times ?? 1) === 1) messages += event.messages;
      },
    },
  );
  const url = `${receiver.url}/push`;
  const settings = { name, url, when: 'archived', recordFile: 'archived' } as const;
  const known = (await endpoints.list()).items.find((endpoint) => endpoint.name === name);
  if (known) await endpoints.change(known.id, settings);
  else await endpoints.create(settings);
  return { url, received: () => messages, close: () => receiver.close() };
}
