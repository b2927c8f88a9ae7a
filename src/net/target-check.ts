import { isIP } from 'node:net';
import type { AddressGuard } from './address-guard.js';
import { EgressError } from './egress-error.js';
import type { Lookup } from './name-lookup.js';
import { parseTarget } from './request-target.js';

/**
 * Where a URL would lead now. `forbidden`: to no address that is allowed. `unresolved`: its name has no address,
 * or none in time. `unreadable`: a request to it would be refused before any name is resolved.
 */
export type TargetVerdict = 'allowed' | 'forbidden' | 'unresolved' | 'unreadable';

export type CheckTarget = (url: string) => Promise<TargetVerdict>;

export interface TargetCheckOptions {
  readonly guard: AddressGuard;
  readonly lookup: Lookup;
  /** For the resolver. */
  readonly timeoutMs?: number;
}

/** Whoever saves an endpoint waits for this. */
const defaultTimeoutMs = 2_000;

/**
 * Looks at a URL before it is saved, by the rules of the connection itself: the host as WHATWG `URL` reads it
 * (decimal, hexadecimal and octal forms are addresses), each address through the guard. It is a courtesy to
 * whoever saves it and no protection: a name may lead elsewhere a moment later, so every connection checks again.
 */
export function createTargetCheck(options: TargetCheckOptions): CheckTarget {
  const { guard, lookup, timeoutMs = defaultTimeoutMs } = options;
  return async (url) => {
    const hostname = readHostname(url);
    if (hostname === undefined) return 'unreadable';
    const addresses = await addressesOf(hostname, lookup, timeoutMs);
    if (addresses.length === 0) return 'unresolved';
    return addresses.some((address) => guard.allows(address)) ? 'allowed' : 'forbidden';
  };
}

function readHostname(url: string): string | undefined {
  try {
    return parseTarget(url).hostname.replace(/^\[|\]$/g, '');
  } catch (error) {
    if (error instanceof EgressError) return undefined;
    throw error;
  }
}

async function addressesOf(hostname: string, lookup: Lookup, timeoutMs: number): Promise<readonly string[]> {
  if (isIP(hostname)) return [hostname];
  // RFC 6761, section 6.3: these are loopback, whether or not this machine's resolver knows it.
  if (/(^|\.)localhost\.?$/i.test(hostname)) return ['127.0.0.1', '::1'];
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, []);
  });
  try {
    return await Promise.race([lookup(hostname), tooLate]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
