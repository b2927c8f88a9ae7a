import { EgressError } from './egress-error.js';

/** Where a request goes, and what it asks for there. */
export interface RequestTarget {
  /** `http://host` or `https://host`, with the port unless it is the scheme's own. */
  readonly origin: string;
  /** As WHATWG `URL` gives it: lower case, punycode, `[…]` around IPv6. */
  readonly hostname: string;
  readonly port: number;
  /** Path and query, byte for byte as in the URL. */
  readonly path: string;
}

/**
 * Takes a URL apart. The host is read by WHATWG `URL`, so that nothing can be read as one host here and as another
 * elsewhere; path and query are cut out of the text itself, because signed links die of re-encoding (specification
 * page, section 4: `%2b` is not `%2B`, and `^` stays `^`). Only what cannot stand in an HTTP request line at all, a
 * space or a character beyond ASCII, is percent-encoded.
 *
 * @throws EgressError `bad-url`: not http(s), no host, a user or password, control characters, or a notation
 *   (backslashes, missing slashes) in which only browsers see a host.
 */
export function parseTarget(url: string): RequestTarget {
  const text = /^https?:\/\/([^/?#]+)([^#]*)/i.exec(url);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!text || !parsed || hasControls(url) || /[\\@\s]/.test(text[1]!) || parsed.hostname === '') {
    throw new EgressError('bad-url', 'not a plain http or https URL');
  }
  const rest = text[2]!;
  return {
    origin: parsed.origin,
    hostname: parsed.hostname,
    port: parsed.port === '' ? (parsed.protocol === 'https:' ? 443 : 80) : Number(parsed.port),
    path: (rest.startsWith('/') ? rest : `/${rest}`).replace(/[^\x21-\x7e]+/g, encodeRun),
  };
}

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function encodeRun(run: string): string {
  let encoded = '';
  for (const byte of Buffer.from(run, 'utf8')) {
    encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
