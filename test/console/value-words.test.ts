import { expect, it } from 'vitest';
import { valueWordOf } from '../../console/src/pages/settings/value-words.js';
import type { Setting } from '../../src/settings/setting.js';
import { settings } from '../../src/settings/settings.js';

it('has a text of the console for every default that is told in words', () => {
  const inWords = (Object.values(settings) as Setting<unknown>[])
    .filter(({ fallback, fallbackText }) => String(fallback) !== fallbackText)
    // An address and a folder are told as they are.
    .filter(({ name }) => name !== 'EARSHOT_PUBLIC_URL' && name !== 'EARSHOT_DATA_DIR')
    .map(({ fallbackText }) => fallbackText);
  expect(inWords.length).toBeGreaterThan(5);
  expect(inWords.filter((text) => valueWordOf(text) === undefined)).toEqual([]);
});
