import { fileURLToPath } from 'node:url';
import { createHostFilter } from '../domain/host-pattern.js';
import { type AccountRole, accountRoles } from '../domain/rights.js';
import { createAddressGuard } from '../net/address-guard.js';
import { createVendorTime } from '../protocol/vendor-time.js';
import { parseS3Url } from '../storage/s3-url.js';
import { parseDatabaseUrl } from '../store/postgres/database-url.js';
import { type ProcessRole, processRoles } from '../store/shared-roles.js';

/** One setting: how its text is read, its default, and what it means. */
export interface Setting<T> {
  readonly name: `EARSHOT_${string}`;
  /** Reads the text. @throws Error whose message says what is expected. */
  readonly parse: (text: string) => T;
  readonly fallback: T;
  readonly fallbackText: string;
  readonly meaning: string;
  readonly isSecret?: true;
  /** Of a secret, what may be shown. */
  readonly toShown?: (value: T) => string;
}

export function setting<T>(
  name: `EARSHOT_${string}`,
  parse: (text: string) => NoInfer<T>,
  fallback: T,
  meaning: string,
  fallbackText = String(fallback),
): Setting<T> {
  return { name, parse, fallback, meaning, fallbackText };
}

/** How the texts of settings are read: each throws an Error whose message says what is expected, without a full stop. */

export function parseText(text: string): string {
  if (text.trim() === '') throw new Error('it is empty');
  return text.trim();
}

export function parseNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(parseText(text));
    if (!(number >= min && number <= max))
      throw new Error(`expected a number from ${min} to ${max}, got "${text}"`);
    return number;
  };
}

export function parseWhole(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = parseNumber(min, max)(text);
    if (!Number.isInteger(number)) throw new Error(`expected a whole number, got "${text}"`);
    return number;
  };
}

export function parseOneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((candidate) => candidate === text.trim());
    if (value === undefined) throw new Error(`expected one of ${values.join(', ')}, got "${text}"`);
    return value;
  };
}

/** Separated by commas. What an entry begins with in double quotes may hold some; a double quote in there is written twice. */
function parseList(text: string): string[] {
  const entries: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [whole, quoted, plain = ''] = /^\s*(?:"((?:[^"]|"")*)")?([^,]*),?/.exec(rest) ?? [rest];
    if (plain.trim().startsWith('"')) throw new Error('a quote is not closed');
    entries.push(((quoted ?? '').replaceAll('""', '"') + plain).trim());
    rest = rest.slice(whole.length);
  }
  return entries.filter((entry) => entry !== '');
}

export function parseHttpUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Error(`expected an http or https URL, got "${text}"`);
  return url.href.replace(/\/+$/, '');
}

/** https; http on this very machine alone, for trying it out. */
export function parseIssuer(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isHere))
    throw new Error(`expected an https URL, got "${text}"`);
  return text.trim();
}

/** `GROUP=ROLE`, separated by commas; a group may hold an equals sign. */
export function parseRoleOfGroup(text: string): ReadonlyMap<string, AccountRole> {
  return new Map(
    parseList(text).map((entry) => {
      const at = entry.lastIndexOf('=');
      const role = accountRoles.find((known) => known === entry.slice(at + 1).trim());
      if (at < 1 || !role)
        throw new Error(`expected GROUP=ROLE with a role of ${accountRoles.join(', ')}, got "${entry}"`);
      return [entry.slice(0, at).trim(), role];
    }),
  );
}

export function parseSecret(text: string): string {
  // The value itself is never repeated: it may be a real secret with a slip in it.
  if (!/^[\w-]{16,}$/.test(text.trim())) throw new Error('expected 16 or more characters of A–Z a–z 0–9 _ -');
  return text.trim();
}

export function parseTimeZone(text: string): string {
  try {
    createVendorTime(parseText(text));
  } catch {
    throw new Error(`expected a time zone such as Asia/Shanghai, got "${text}"`);
  }
  return text.trim();
}

export function parseHosts(text: string): readonly string[] {
  const patterns = parseList(text);
  if (patterns.length === 0) throw new Error('expected host patterns, separated by commas');
  createHostFilter(patterns);
  return patterns;
}

export function parseNetworks(text: string): readonly string[] {
  if (text.trim() === 'none') return [];
  const networks = parseList(text);
  createAddressGuard(networks);
  return networks;
}

/** A folder's path, or the URL of an object storage as it is. */
export function parseStorage(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url?.protocol === 'file:') return fileURLToPath(url);
  if (url?.protocol !== 's3:') throw new Error('expected file:///path or s3://bucket/prefix');
  parseS3Url(text);
  return text.trim();
}

/** The text itself: a password may be in it, so neither it nor a part of it is ever repeated. */
export function parseDatabase(text: string): string {
  try {
    parseDatabaseUrl(text);
  } catch (error) {
    throw new Error((error as Error).message.replace(/\.$/, ''), { cause: error });
  }
  return text.trim();
}

export function parseRoles(text: string): readonly ProcessRole[] {
  const named = parseList(text);
  const unknown = named.find((role) => role !== 'all' && !processRoles.some((known) => known === role));
  if (unknown !== undefined || named.length === 0)
    throw new Error(`expected "all" or a list of ${processRoles.join(', ')}, got "${text}"`);
  return named.includes('all') ? processRoles : processRoles.filter((role) => named.includes(role));
}

/** Where a database is, without user, password and what the query says. */
export function showDatabase(url: string | undefined): string {
  if (url === undefined) return '';
  const hosts = parseDatabaseUrl(url).map(({ name }) => name);
  const [, name = ''] = /^[^?#]*\/([^/?#]*)/.exec(url) ?? [];
  return `postgres://${/\/\/[^/]*@/.test(url) ? '[redacted]@' : ''}${hosts.join(',')}/${name}`;
}
