import { isIP } from 'node:net';

/** Whom passkeys are made for: browsers give them to no other host (WebAuthn, 5.1.2 and 13.4.9). */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** `public-url-missing`: nobody has said where this is. `public-url-unfit`: browsers have no passkeys there. */
export type NoPasskeys = 'public-url-missing' | 'public-url-unfit';

export function relyingPartyOf(publicUrl: string | undefined): RelyingParty | NoPasskeys {
  if (publicUrl === undefined) return 'public-url-missing';
  const { protocol, hostname, origin } = new URL(publicUrl);
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) > 0;
  const isHere = hostname === 'localhost' || hostname.endsWith('.localhost');
  return !isAddress && (protocol === 'https:' || isHere) ? { id: hostname, origin } : 'public-url-unfit';
}
