import { createHash } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Crc64 } from '../../src/protocol/crc64.js';

export interface CheckFilesSpec {
  readonly folder: string;
}

const atOnce = 8;
const chunkBytes = 512 * 1024;

/**
 * What curl leaves undone, as plainly as it can be written: each file is read from the page cache, hashed (SHA-256,
 * MD5, CRC-64) and fsynced, eight at once in one thread. Answers with the seconds that it took.
 */
export async function checkFiles({ folder }: CheckFilesSpec): Promise<{ seconds: number }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wav'));
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) await checkFile(join(folder, name));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { seconds: (performance.now() - startedAt) / 1000 };
}

async function checkFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const [sha256, md5, crc64] = [createHash('sha256'), createHash('md5'), new Crc64()];
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, null);
      if (bytesRead === 0) break;
      const bytes = chunk.subarray(0, bytesRead);
      sha256.update(bytes);
      md5.update(bytes);
      crc64.update(bytes);
    }
    sha256.digest();
    md5.digest();
    crc64.digest();
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
