import type { CustomFetch } from 'openid-client';
import type { GuardedClient } from '../net/guarded-fetch.js';

const timeoutMs = 10_000;
/** Far above any discovery document or set of keys. */
const maxBytes = 1024 * 1024;

/** `fetch` as the sign-in library wants it, on the one way out that checks every address. */
export function createFetchThrough(client: Pick<GuardedClient, 'request'>): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const answer = await client.request({
      url,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...(body === null || body === undefined ? {} : { body: toText(body) }),
      ...(signal ? { signal } : {}),
      headTimeoutMs: timeoutMs,
      idleTimeoutMs: timeoutMs,
      totalTimeoutMs: timeoutMs,
    });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of answer.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new Error('the answer is too large');
      chunks.push(chunk);
    }
    const given = Object.entries(answer.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    );
    const isBodiless = answer.status === 204 || answer.status === 304;
    return new Response(isBodiless ? null : Buffer.concat(chunks), { status: answer.status, headers: given });
  };
}

function toText(body: unknown): string {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a sign-in sends text alone');
}
