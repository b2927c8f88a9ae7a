import type { SignInFailures } from '../store/sessions.js';

/** Failures count for this long. */
const countedMs = 24 * 60 * 60 * 1000;
const firstWaitMs = 2_000;
/** A name cannot be guessed at more than a hundred times a day, and its owner is never locked out for longer. */
const longestWaitMs = 15 * 60 * 1000;

/** Under what failures are counted, and how many of them cost nothing. */
interface Counted {
  readonly key: string;
  readonly free: number;
}

/** A whole office may come from one address, and mistypes more than one person does. */
const freeByName = 5;
const freeByAddress = 20;

/**
 * How long whoever signs in has to wait, in milliseconds; 0: not at all. After some failures each one doubles the wait
 * that follows it, for the name and for the address; of both the longer holds, even for the right password. Counted in
 * the store, for all processes.
 */
export async function waitOf(
  who: { readonly name: string; readonly address: string },
  failures: Pick<SignInFailures, 'since'>,
  now: number,
): Promise<number> {
  const waits = keysOf(who).map(async ({ key, free }) => {
    const instants = await failures.since(key, now - countedMs);
    const [last] = instants;
    if (last === undefined || instants.length < free) return 0;
    const waitMs = Math.min(firstWaitMs * 2 ** (instants.length - free), longestWaitMs);
    return Math.max(0, last + waitMs - now);
  });
  return Math.max(...(await Promise.all(waits)));
}

export async function recordFailure(
  who: { readonly name: string; readonly address: string },
  failures: Pick<SignInFailures, 'record' | 'sweep'>,
  now: number,
): Promise<void> {
  for (const { key } of keysOf(who)) await failures.record(key, now);
  await failures.sweep(now - countedMs, 500);
}

/** The address stays counted: whoever has an account could otherwise begin anew by signing in to it. */
export async function forgetFailures(name: string, failures: Pick<SignInFailures, 'clear'>): Promise<void> {
  await failures.clear(keyOfName(name));
}

function keysOf({ name, address }: { readonly name: string; readonly address: string }): Counted[] {
  return [
    { key: keyOfName(name), free: freeByName },
    { key: `address ${networkOf(address)}`, free: freeByAddress },
  ];
}

function keyOfName(name: string): string {
  return `name ${name.normalize('NFKC').toLowerCase()}`;
}

/** Of IPv6 the half that a network has: the other half is anybody's to choose. */
function networkOf(address: string): string {
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
