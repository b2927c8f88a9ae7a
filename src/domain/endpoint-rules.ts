import type { EndpointAuth, EndpointSettings } from './endpoint.js';
import { AppError } from './errors.js';

/*
 * What an endpoint's settings must fulfil beyond their types and ranges, so that what is saved can be sent.
 * Where the URL leads is looked at elsewhere (net/target-check.ts): that takes a resolver. No sentence repeats
 * a value: URL, headers and authentication may all hold a secret.
 */

/** Throws `endpoint-invalid` with a sentence that names the member. */
export function refuseUnusable({
  url,
  headers,
  auth,
}: Pick<EndpointSettings, 'url' | 'headers' | 'auth'>): void {
  refuseUnusableUrl(url);
  refuseUnusableHeaders(headers);
  if (auth) refuseUnusableAuth(auth);
  if (auth && Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) {
    throw refuse('`headers` and `auth` both say how to authorise: keep one of them.');
  }
}

/**
 * Whether somebody at its receiver can come to hear recordings by it. A call record always can hold a link, and a
 * link is as good as the recording, whoever signed it.
 */
export function getsAudio({ types }: Pick<EndpointSettings, 'types'>): boolean {
  return types.includes('AlicomAgentCallRecord');
}

/** What decides where messages go, and which. Headers and authentication are among it: gateways route by them. */
const decidesWhatGoesWhere = ['url', 'types', 'when', 'recordFile', 'filter', 'headers', 'auth'] as const;

/**
 * Whether a change hands audio to somebody, or more of it. Settings from before count, too: what was cut into deliveries
 * while it got audio is sent to wherever it leads afterwards.
 */
export function handsOutAudio(before: EndpointSettings, after: EndpointSettings): boolean {
  if (!getsAudio(before) && !getsAudio(after)) return false;
  return decidesWhatGoesWhere.some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/**
 * Throws `endpoint-invalid` where a change would have a receiver of another origin get what was entered for the one
 * before. Whoever changes the address need not know these secrets, so it must not hand them over.
 */
export function refuseSecretsOfAnother(
  before: EndpointSettings,
  after: EndpointSettings,
  isNamed: (member: 'auth' | 'headers') => boolean,
): void {
  if (new URL(before.url).origin === new URL(after.url).origin) return;
  const kept = [
    ...(before.auth && !isNamed('auth') ? ['auth'] : []),
    ...(Object.keys(before.headers).length > 0 && !isNamed('headers') ? ['headers'] : []),
  ];
  if (kept.length === 0) return;
  const names = kept.map((name) => `\`${name}\``).join(' and ');
  throw refuse(`\`url\` leads to another origin: say ${names} again, or null for none.`);
}

function refuseUnusableUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) throw refuse('`url` is no URL: write it as https://host/path.');
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw refuse('`url` must begin with http:// or https://.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw refuse('`url` holds a user or password: put them into `auth`.');
  }
  if (url.includes('#'))
    throw refuse('`url` has a fragment, which is never sent: leave out # and what follows.');
  // Notations in which only browsers see a host; the way out refuses them, too.
  if (!/^https?:\/\/[^/?#\\@\s]+([/?]\S*)?$/i.test(url)) {
    throw refuse('`url` is not written plainly: no spaces, no backslashes, two slashes before the host.');
  }
}

/** What Earshot or the connection itself sets; a second one would contradict it. */
const ownHeaders = new Set([
  ...['host', 'content-length', 'content-encoding', 'transfer-encoding', 'connection', 'keep-alive'],
  ...['upgrade', 'expect', 'te', 'trailer', 'proxy-connection'],
]);
const maxHeaders = 50;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

function refuseUnusableHeaders(headers: Readonly<Record<string, string>>): void {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const lowerCase = name.toLowerCase();
    if (!token.test(name)) throw refuse('`headers` holds a name that is none of a header.');
    if (ownHeaders.has(lowerCase) || lowerCase.startsWith('webhook-')) {
      throw refuse(`\`headers\` holds ${lowerCase}, which Earshot sets itself.`);
    }
    if (!fieldValue.test(value)) {
      throw refuse(
        `\`headers\` holds a value for ${lowerCase} that cannot be sent: no line breaks, no Unicode.`,
      );
    }
    if (seen.has(lowerCase)) throw refuse(`\`headers\` holds ${lowerCase} twice.`);
    seen.add(lowerCase);
  }
  if (seen.size > maxHeaders) throw refuse(`\`headers\` holds more than ${maxHeaders}.`);
}

function refuseUnusableAuth(auth: EndpointAuth): void {
  switch (auth.kind) {
    case 'basic':
      if (auth.user.includes(':')) throw refuse('`auth.username` holds a colon, which ends a user name.');
      if (hasControls(auth.user) || hasControls(auth.password)) {
        throw refuse('`auth` holds a control character.');
      }
      return;
    case 'bearer':
      if (!/^[\x21-\x7e]+$/.test(auth.token)) {
        throw refuse('`auth.token` must be printable ASCII without spaces, and not empty.');
      }
  }
}

function hasControls(text: string): boolean {
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function refuse(sentence: string): AppError {
  return new AppError('endpoint-invalid', sentence);
}
