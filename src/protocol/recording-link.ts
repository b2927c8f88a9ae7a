import { createHash } from 'node:crypto';
import { identifyingPart, readExpiry, readParameters, type ToldExpiry } from './link-parameters.js';
import { cutEnds, spellingsOf } from './link-spelling.js';

/*
 * The one reading of links. What a `recordFile` says is read here and nowhere else: its host, which recording it is,
 * when it dies, whether it came odd, in which spellings to ask for it (link-spelling.ts), and what of it may be shown to
 * those who may not download (link-display.ts). What its parameters mean is in link-parameters.ts.
 */

/** What a `recordFile` says of itself. */
export interface RecordingLink {
  /** As received, but for what nobody sees at its ends: decoding and encoding it again would break its signature. A bearer secret. */
  readonly link: string;
  /** Lower case; with the port where it is not the scheme's own. */
  readonly host: string;
  /**
   * Together with the callId the identity of the recording: the path as written, and, where the query says which file
   * it is, behind a `?` a digest of what says so. What is known to sign or to expire says nothing of that.
   */
  readonly path: string;
  /** When the link dies by its own words (ms); absent where it does not say. */
  readonly expiresAt?: number;
  /** `spelling`: it went through hands that left traces. `expiry`: what it says of its end cannot be read. */
  readonly oddities?: readonly LinkOddity[];
}

export type LinkOddity = 'spelling' | 'expiry';

/** "The recording URL is valid for seven days." */
export const linkLifetimeMs = 7 * 24 * 60 * 60 * 1000;

/**
 * A link is not believed to live longer. Too short a bound would only have us come earlier; too long a one would put
 * what was counted in a wrong unit behind all others, and never tell that it is at risk.
 */
const longestLifetimeMs = 366 * 24 * 60 * 60 * 1000;

/** Scheme, authority, path and query of a link as written; a backslash is a slash to every URL parser. */
const linkForm = /^https?:\/\/([^/?#\\]+)([^?#]*)(?:\?([^#]*))?/i;

const maxHostLength = 253;

/** Host names that need no parser to be told: what nearly every link has. */
const plainAuthority = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}$/;

/** Reads a `recordFile`; undefined where it cannot be downloaded from: no string, no http(s) URL, a URL with credentials. */
export function readRecordingLink(recordFile: unknown): RecordingLink | undefined {
  if (typeof recordFile !== 'string') return undefined;
  const link = cutEnds(recordFile);
  const [meant] = spellingsOf(link);
  const written = linkForm.exec(meant);
  if (!written) return undefined;
  const [, authority = '', path = '', query = ''] = written;
  const host = readHost(meant, authority);
  if (host === undefined) return undefined;
  const parameters = query === '' ? [] : readParameters(query);
  return {
    ...{ link, host, path: toIdentity(path === '' ? '/' : path, identifyingPart(parameters)) },
    ...toTold(readExpiry(parameters), meant !== link || hidOddities(recordFile, link)),
  };
}

/** Whether more than blanks was cut off its ends. */
function hidOddities(recordFile: string, link: string): boolean {
  return recordFile.length > link.length && /[^ \t\r\n]/.test(recordFile.replace(link, ''));
}

function toTold(expiry: ToldExpiry, isRespelt: boolean): Pick<RecordingLink, 'expiresAt' | 'oddities'> {
  const oddities: LinkOddity[] = isRespelt ? ['spelling'] : [];
  if (expiry === 'unreadable') oddities.push('expiry');
  return {
    ...(typeof expiry === 'number' ? { expiresAt: expiry } : {}),
    ...(oddities.length === 0 ? {} : { oddities }),
  };
}

/** No path holds a `?`, so nothing else is ever taken for this. A digest, because the parameters may hold secrets. */
function toIdentity(path: string, identifying: string | undefined): string {
  if (identifying === undefined) return path;
  return `${path}?${createHash('sha256').update(identifying).digest('hex').slice(0, 32)}`;
}

/** The path alone, of what identifies a recording. */
export function pathOf(identity: string): string {
  const at = identity.indexOf('?');
  return at < 0 ? identity : identity.slice(0, at);
}

/** The host as WHATWG's URL tells it, or undefined where that refuses the link or finds credentials in it. */
function readHost(link: string, authority: string): string | undefined {
  if (authority.length <= maxHostLength && plainAuthority.test(authority)) return authority;
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  return url.username === '' && url.password === '' ? url.host : undefined;
}

export interface Deadline {
  readonly at: number;
  /** What was said of the link's end is not believed as it was said. */
  readonly isDoubted: boolean;
}

/**
 * When a recording's link dies: by its own words, or else seven days after the call's end, counted from the receipt
 * where that is earlier or the end is not known (protocol page, section 4). What would have been over before the link
 * came, or lasts for years, was counted in another unit, from another point or by a broken clock: milliseconds are read
 * as such, and of anything else seven days from the receipt are left.
 */
export function deadlineOf(
  { expiresAt, oddities }: Pick<RecordingLink, 'expiresAt' | 'oddities'>,
  receivedAt: number,
  callEndAt?: number,
): Deadline {
  const isCredible = (at: number): boolean => at > receivedAt && at - receivedAt <= longestLifetimeMs;
  if (expiresAt !== undefined) {
    if (isCredible(expiresAt)) return { at: expiresAt, isDoubted: false };
    const at = expiresAt / 1000;
    return { at: isCredible(at) ? Math.floor(at) : receivedAt + linkLifetimeMs, isDoubted: true };
  }
  const isDoubted = oddities?.includes('expiry') === true;
  const at = Math.min(callEndAt ?? receivedAt, receivedAt) + linkLifetimeMs;
  return isCredible(at) ? { at, isDoubted } : { at: receivedAt + linkLifetimeMs, isDoubted: true };
}
