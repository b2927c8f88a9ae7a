/**
 * Which of the looks and rounds that a test could take it takes: `usual` is what `npm test` runs, `added` what
 * `npm run test:all` runs besides.
 */
export const tier: 'usual' | 'added' = process.env['EARSHOT_TEST_TIER'] === 'added' ? 'added' : 'usual';
