import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../test/support/temporary-folder.js';
import { makeDurableFolder } from './folder-sync.js';

describe('a folder', () => {
  it('is made with those above it, for its owner alone', () => {
    const top = makeTemporaryFolder();
    const folder = join(top, 'a', 'b', 'c');
    makeDurableFolder(folder);
    makeDurableFolder(folder);
    for (const each of [folder, join(top, 'a')]) expect(statSync(each).mode & 0o777).toBe(0o700);
  });

  it
    .skipIf(!existsSync('/proc/self'))
    .each(['/proc/earshot', '/proc/earshot/data/deep', '/proc/self/earshot'])(
    'that can never be there is refused at once: %s',
    (folder) => {
      expect(() => {
        makeDurableFolder(folder);
      }).toThrow(/ENOENT|EACCES|EPERM/);
    },
  );

  it('is refused where a file lies in the way', () => {
    const file = join(makeTemporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const folder of [file, join(file, 'data')]) {
      expect(() => {
        makeDurableFolder(folder);
      }).toThrow(/EEXIST|ENOTDIR/);
    }
  });
});
