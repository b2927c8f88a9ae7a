import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorTable } from '../../src/domain/errors.js';

/** What only the command line and a start can end with: no page ever shows it. */
const withoutPage = new Set([
  ...['setting-unknown', 'setting-invalid', 'usage-invalid', 'address-in-use', 'data-dir-unusable'],
  ...['data-dir-in-use', 'store-corrupt', 'store-too-new', 'input-unreadable', 'store-moved'],
  ...['move-unfinished', 'move-refused', 'server-unreachable', 'secret-missing', 'descriptors-too-few'],
]);

it('the console tells every error of the API in the words of the table', () => {
  const file = new URL('../../console/src/i18n/en/problems.json', import.meta.url);
  const told = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  const wanted = Object.entries(errorTable)
    .filter(([code]) => !withoutPage.has(code))
    .map(([code, { title, remedy }]) => [code, { title, remedy }]);
  expect(told).toEqual(Object.fromEntries(wanted));
});
