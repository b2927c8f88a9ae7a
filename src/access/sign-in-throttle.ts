import type { SignInFailures } from '../store/accounts.js';

/** Failures count for this long. */
const countedMs = 24 * 60 * 60 * 1000;
const firstWaitMs = 2_000;
/** From one address a name cannot be guessed at more than a hundred times a day. */
const longestWaitMs = 15 * 60 * 1000;

/** A whole office may come from one address, and mistypes more than one person does. */
const freeByAddress = 20;
/** Of one name from one address. */
const freeByPair = 5;
/** The same, while the name is guessed at from everywhere: this many failures say that it is. */
const freeWhileGuessed = 1;
const isGuessedAt = 50;

export interface WhoSignsIn {
  readonly name: string;
  readonly address: string;
}

/**
 * How long whoever signs in has to wait, in milliseconds; 0: not at all. After some failures each one doubles the wait
 * that follows it, for the address, and for the name at this address; of both the longer holds, even for the right
 * password. Counted in the store, for all processes.
 *
 * No failure elsewhere makes an address wait: otherwise whoever knows a name could keep its owner out. What failures
 * from everywhere cost is the free guesses that each further address has.
 */
export async function waitOf(
  who: WhoSignsIn,
  failures: Pick<SignInFailures, 'since'>,
  now: number,
): Promise<number> {
  const keys = keysOf(who);
  const [byName, byAddress, byPair] = await Promise.all(
    [keys.name, keys.address, keys.pair].map((key) => failures.since(key, now - countedMs)),
  );
  const free = (byName ?? []).length >= isGuessedAt ? freeWhileGuessed : freeByPair;
  return Math.max(waitAfter(byAddress ?? [], freeByAddress, now), waitAfter(byPair ?? [], free, now));
}

/** `instants` the latest first. */
function waitAfter(instants: readonly number[], free: number, now: number): number {
  const [last] = instants;
  if (last === undefined || instants.length < free) return 0;
  const waitMs = Math.min(firstWaitMs * 2 ** (instants.length - free), longestWaitMs);
  return Math.max(0, last + waitMs - now);
}

export async function recordFailure(
  who: WhoSignsIn,
  failures: Pick<SignInFailures, 'record' | 'sweep'>,
  now: number,
): Promise<void> {
  for (const key of Object.values(keysOf(who))) await failures.record(key, now);
  await failures.sweep(now - countedMs, 500);
}

/** The address stays counted: whoever has an account could otherwise begin anew by signing in to it. */
export async function forgetFailures(
  who: WhoSignsIn,
  failures: Pick<SignInFailures, 'clear'>,
): Promise<void> {
  await failures.clear(keysOf(who).pair);
}

function keysOf({ name, address }: WhoSignsIn): Record<'name' | 'address' | 'pair', string> {
  const byName = `name ${name.normalize('NFKC').toLowerCase()}`;
  const byAddress = `address ${networkOf(address)}`;
  return { name: byName, address: byAddress, pair: JSON.stringify([byName, byAddress]) };
}

/** Of IPv6 the half that a network has: the other half is anybody's to choose. */
export function networkOf(address: string): string {
  const unmapped = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!unmapped.includes(':')) return unmapped;
  const [head = '', tail] = unmapped.split('%', 1)[0]?.split('::') ?? [];
  const before = head.split(':').filter((part) => part !== '');
  const after = (tail ?? '').split(':').filter((part) => part !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill('0'), ...after]
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')
    .toLowerCase();
}
