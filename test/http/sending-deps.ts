import type { Clock } from '../../src/domain/clock.js';
import type { DeliveryAttempt } from '../../src/domain/delivery.js';
import type { DeliveryArea } from '../../src/http/areas.js';
import { createAddressGuard } from '../../src/net/address-guard.js';
import { createTargetCheck } from '../../src/net/target-check.js';

/** What routes of endpoints need of whoever sends, without anybody who does; and what they told them. */
export function openSendingDeps(clock: Clock) {
  const told = { changes: 0, previews: [] as unknown[] };
  let made = 0;
  const deps = {
    checkTarget: createTargetCheck({ guard: createAddressGuard(), lookup: lookUp }),
    makeWebhookSecret: () => `whsec_${Buffer.alloc(32, ++made).toString('base64')}`,
    makeWebhookId: () => `msg_${++made}`,
    testEndpoint: async () => testedAt(clock()),
    previewReplay: async (endpointId, selection) => {
      told.previews.push({ endpointId, selection });
      return { messages: 42 };
    },
    onEndpointsChanged: () => {
      told.changes++;
    },
  } satisfies Partial<DeliveryArea>;
  return { deps, told };
}

/** Names that tests push to; nobody is asked. */
async function lookUp(hostname: string): Promise<readonly string[]> {
  return hostname === 'inside.example' ? ['10.0.0.7'] : ['93.184.215.14'];
}

function testedAt(at: number): DeliveryAttempt {
  return {
    at,
    outcome: 'ok',
    reason: 'acknowledged',
    status: 200,
    durationMs: 12,
    timings: { connectMs: 3, headMs: 8, bodyMs: 1 },
    address: '93.184.215.14',
    isProbe: false,
    request: {
      method: 'POST',
      url: 'https://receiver.example/push',
      headers: { 'content-type': 'application/json' },
      bytes: 300,
    },
    response: { headers: { 'content-type': 'application/json' }, body: '{"code":0}' },
  };
}
