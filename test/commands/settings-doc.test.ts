import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingRows } from '../../src/settings/describe-settings.js';

it('docs/settings.md holds the row of every setting, as it is, under its task', () => {
  const document = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const rows = document.split('\n').filter((line) => line.startsWith('| `EARSHOT_'));
  expect(rows.toSorted()).toEqual(settingRows().toSorted());
});
