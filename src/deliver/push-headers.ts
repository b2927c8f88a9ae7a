import type { IncomingHttpHeaders } from 'node:http';
import type { KeptRequest, KeptResponse } from '../domain/delivery.js';
import type { Endpoint, EndpointAuth, EndpointSettings } from '../domain/endpoint.js';
import { decodeWords } from '../protocol/answer-words.js';

/** The headers of a push. What the endpoint sets itself comes last but for the signature, which nobody overrides. */
export function toHeaders(
  { settings }: Pick<Endpoint, 'settings'>,
  signature: Readonly<Record<string, string>>,
  userAgent: string,
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': userAgent,
    'accept-encoding': 'identity',
  };
  for (const [name, value] of Object.entries(settings.headers)) headers[name.toLowerCase()] = value;
  if (settings.auth) headers['authorization'] = toAuthorization(settings.auth);
  if (settings.gzip) headers['content-encoding'] = 'gzip';
  return { ...headers, ...signature };
}

function toAuthorization(auth: EndpointAuth): string {
  switch (auth.kind) {
    case 'basic':
      return `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`;
    case 'bearer':
      return `Bearer ${auth.token}`;
  }
}

/** Its value, or a word in its place where the value is somebody's secret. */
const configured = '[as configured]';

/** What is kept of a request for people: no signature, no authorisation, no value that an endpoint's own header has. */
export function keepRequest(
  settings: Pick<EndpointSettings, 'url' | 'headers'>,
  headers: Readonly<Record<string, string>>,
  bytes: number,
): KeptRequest {
  const own = new Set(Object.keys(settings.headers).map((name) => name.toLowerCase()));
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'authorization' || name === 'webhook-signature') continue;
    kept[name] = own.has(name) ? configured : value;
  }
  return { method: 'POST', url: settings.url.replace(/[?#].*$/s, ''), headers: kept, bytes };
}

const keptBodyBytes = 4 * 1024;

/** Without what would let somebody else speak for us: cookies. */
export function keepResponse(headers: IncomingHttpHeaders, body: Uint8Array): KeptResponse {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'set-cookie') continue;
    kept[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { headers: kept, body: decodeWords(body.subarray(0, keptBodyBytes)) };
}
