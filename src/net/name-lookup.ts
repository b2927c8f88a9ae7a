import { lookup as systemLookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/*
 * `dns.lookup` waits in one of the few threads that all of a process shares, for 10 s and more where the name server of a
 * zone is silent: some links to such a zone, and no delivery, sign-in or upload finds its name any more. So names are
 * asked for by sockets of our own, which wait for nobody. In the order of most systems: the hosts file, then DNS. What
 * both do not know is the system's to say (search domains, mDNS, containers' own services): that is told at once, or
 * not at all, and one name at a time is asked for so.
 */

/** Every address of a host name, in the order in which they should be tried. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

export interface NameSources {
  /** Text of the hosts file. */
  readonly readHosts?: () => Promise<string>;
  /** One for each lookup: its sockets, and what it read of the system's settings, are nobody else's. */
  readonly openResolver?: () => Pick<Resolver, 'resolve4' | 'resolve6' | 'cancel'>;
  readonly askSystem?: Lookup;
  /** How long the other family may take once one has answered. */
  readonly secondFamilyMs?: number;
}

const hostsFile = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
/** The second try waits longer: about 5 s in all, less than a connection may take. */
const patience = { timeout: 1_500, tries: 2 };

/** A way to find addresses for one purpose. */
export function createLookup({
  readHosts = () => readFile(hostsFile, 'utf8').catch(() => ''),
  openResolver = () => new Resolver(patience),
  askSystem = async (name) => (await systemLookup(name, { all: true })).map(({ address }) => address),
  secondFamilyMs = 250,
}: NameSources = {}): Lookup {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn: Lookup = (name) => {
    const mine = turn.then(() => askSystem(name));
    turn = mine.catch(() => undefined);
    return mine;
  };
  return async (hostname) => {
    const listed = findInHosts(await readHosts(), hostname);
    if (listed.length > 0) return listed;
    // RFC 6761, section 6.3
    if (/(^|\.)localhost\.?$/i.test(hostname)) return ['127.0.0.1', '::1'];
    try {
      return await resolve(hostname, openResolver(), secondFamilyMs);
    } catch (error) {
      if (isSilence(error, hostname)) throw error;
      return await inTurn(hostname);
    }
  };
}

/** A server, or one behind it, was silent: the system would wait for it, too. Names of one word some refuse in this way. */
function isSilence(error: unknown, hostname: string): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === 'ETIMEOUT' || code === 'ECANCELLED' || (code === 'ESERVFAIL' && hostname.includes('.'));
}

function findInHosts(text: string, hostname: string): string[] {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const addresses = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([, ...names]) => names.some((known) => known.toLowerCase() === name))
    .map(([address = '']) => address)
    .filter((address) => isIP(address) !== 0);
  return [...new Set(addresses)];
}

/** Both families at once. Addresses of one are enough where the other is slow, or is not there. */
async function resolve(
  hostname: string,
  resolver: Pick<Resolver, 'resolve4' | 'resolve6' | 'cancel'>,
  secondFamilyMs: number,
): Promise<string[]> {
  const families = [resolver.resolve4(hostname), resolver.resolve6(hostname)];
  const settled = Promise.allSettled(families);
  try {
    await Promise.any(families);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((done) => (timer = setTimeout(done, secondFamilyMs)));
    await Promise.race([settled, late]);
    clearTimeout(timer);
    resolver.cancel();
  } catch {
    // What both failed with is told below.
  }
  const results = await settled;
  const found = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  if (found.length > 0) return found;
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  throw errors.find((error) => isSilence(error, hostname)) ?? errors[0] ?? new Error('no address');
}
