import { vi } from 'vitest';
import { createAddressGuard } from '../../src/net/address-guard.js';
import {
  createGuardedClient,
  type GuardedClient,
  type OutboundRequest,
} from '../../src/net/guarded-fetch.js';

export interface ClientSetup {
  /** Networks that are allowed besides global addresses; 127.0.0.1 by default. */
  readonly allow?: readonly string[];
  /** What the resolver knows. */
  readonly hosts?: Readonly<Record<string, readonly string[]>>;
  readonly connectTimeoutMs?: number;
  readonly ca?: string;
}

/** A real client whose resolver is faked. */
export function openTestClient({ allow = ['127.0.0.1'], hosts = {}, ...rest }: ClientSetup = {}) {
  const lookup = vi.fn((hostname: string) => {
    const addresses = hosts[hostname];
    if (!addresses) return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    return Promise.resolve(addresses);
  });
  const client = createGuardedClient({ guard: createAddressGuard(allow), lookup, ...rest });
  return { client, lookup };
}

const bounds = { headTimeoutMs: 5_000, idleTimeoutMs: 5_000, totalTimeoutMs: 10_000 };

export function ask(client: GuardedClient, url: string, more: Partial<OutboundRequest> = {}) {
  return client.request({ url, ...bounds, ...more });
}

export async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
