/**
 * Which tests run: `usual` is `npm test`, every promise once; `added` is what `npm run test:all` runs beyond it, more
 * rounds and more looks. See docs/testing.md.
 */
export type Tier = 'usual' | 'added';

export const tier: Tier = process.env['EARSHOT_TEST_TIER'] === 'added' ? 'added' : 'usual';

/** How much slower this machine is than a quiet one, at least 1: `npm test` measures it and every time limit is multiplied by it. */
export const patience = Number(process.env['EARSHOT_TEST_PATIENCE'] ?? 1);

/** A test or hook that takes longer hangs. No test measures time: this is no aim, and far from what any of them takes. */
export const hangsAfterMs = 120_000 * patience;

/** What is waited for within a test: given up before the test is, so that the failure says what did not come. */
export const giveUpAfterMs = 0.8 * hangsAfterMs;

/** How often something is tried: a few times in every run, many times where everything is run. */
export function rounds(few: number, many: number): number {
  return tier === 'added' ? many : few;
}
