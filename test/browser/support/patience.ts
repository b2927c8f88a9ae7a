/** How much slower than a quiet machine this one is, as `npm test` has measured it. */
const factor = Math.max(1, Number(process.env['EARSHOT_TEST_PATIENCE'] ?? 1));

/** Of everything that is waited for in a page: shorter than a test may take, so that what did not come is named. */
export const patienceMs = 60_000 * factor;
