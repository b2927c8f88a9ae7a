import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskStorage } from '../../src/storage/disk.js';
import { describeStorage } from './describe-storage.js';

describeStorage('the disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-storage-'));
  return {
    storage: await openDiskStorage({ root: join(folder, 'data', 'recordings') }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});
