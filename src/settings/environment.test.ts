import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../test/support/temporary-folder.js';
import { findFfmpeg } from './environment.js';

function makeFolder(mode?: number): string {
  const folder = makeTemporaryFolder();
  const file = join(folder, 'ffmpeg');
  if (mode !== undefined) {
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, mode);
  }
  return folder;
}

it('ffmpeg is the first program of that name in the folders that are named in full', () => {
  const [empty, unusable, first, second] = [
    makeFolder(),
    makeFolder(0o644),
    makeFolder(0o755),
    makeFolder(0o755),
  ];
  const withFolder = makeTemporaryFolder();
  mkdirSync(join(withFolder, 'ffmpeg'));
  expect(findFfmpeg([empty, '/nowhere', unusable, withFolder, first, second])).toBe(join(first, 'ffmpeg'));
  expect(findFfmpeg([empty, relative(process.cwd(), first)])).toBeUndefined();
});
