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
