import { execFile } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryOutput, MemorySpool } from '../../../test/support/memory-output.js';
import { isOnPath } from '../../../test/support/is-on-path.js';
import { makeTemporaryFolder } from '../../../test/support/temporary-folder.js';
import type { Output } from '../output.js';
import { ZipWriter } from './zip-writer.js';

const run = promisify(execFile);
const modifiedAt = Date.UTC(2025, 4, 22, 4, 29, 20);

interface File {
  readonly name: string;
  readonly content: Uint8Array;
  readonly isDeflated: boolean;
}

async function zipOf(files: readonly File[]): Promise<Buffer> {
  const output = new MemoryOutput();
  const zip = new ZipWriter(output, new MemorySpool());
  for (const { name, content, isDeflated } of files) {
    const file = { name, bytes: content.length, crc32: crc32(content), modifiedAt };
    if (isDeflated) await zip.addDeflated(name, modifiedAt, piecesOf(content));
    else await zip.addStored(file, piecesOf(content));
  }
  await zip.end();
  return output.whole;
}

async function* piecesOf(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < content.length; at += 1000)
    yield await Promise.resolve(content.subarray(at, at + 1000));
}

describe.skipIf(!isOnPath('unzip'))('a ZIP file', () => {
  it('is unpacked by unzip as it was put together, stored and deflated, with its times', async () => {
    const file = fc.record({ content: fc.uint8Array({ maxLength: 5_000 }), isDeflated: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 6 }), async (drawn) => {
        const folder = makeTemporaryFolder();
        const files = drawn.map((each, index) => ({ ...each, name: `2025-05-2${index}/通话_${index}.wav` }));
        await writeFile(join(folder, 'a.zip'), await zipOf(files));
        await run('unzip', ['-q', 'a.zip'], { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
        for (const { name, content } of files)
          expect(Buffer.compare(await readFile(join(folder, name)), content)).toBe(0);
        const { stdout } = await run('stat', ['-c', '%Y', ...files.map(({ name }) => name)], { cwd: folder });
        expect(new Set(stdout.trim().split('\n'))).toEqual(new Set([String(modifiedAt / 1000)]));
      }),
      { numRuns: 20 },
    );
  });

  it('may hold nothing, and more files than the short form can count', async () => {
    const folder = makeTemporaryFolder();
    expect((await zipOf([])).length).toBe(22);
    const content = new Uint8Array(1);
    const files = Array.from({ length: 70_000 }, (_, index) => ({
      name: `${index}`,
      content,
      isDeflated: false,
    }));
    await writeFile(join(folder, 'many.zip'), await zipOf(files));
    const { stdout } = await run('unzip', ['-tqq', 'many.zip'], { cwd: folder });
    expect(stdout).not.toContain('error');
    const listed = await run('unzip', ['-Z1', 'many.zip'], { cwd: folder, maxBuffer: 1e7 });
    expect(listed.stdout.trim().split('\n')).toHaveLength(70_000);
  });
});

describe.skipIf(!isOnPath('unzip'))('a ZIP file past 4 GiB', () => {
  it('is read, the file in front and the one behind', async () => {
    const folder = makeTemporaryFolder();
    const piece = new Uint8Array(16 * 1024 * 1024);
    const pieces = Array.from({ length: 260 }, () => piece);
    const zip = new ZipWriter(await openSparse(join(folder, 'big.zip')), new MemorySpool());
    const large = {
      bytes: pieces.length * piece.length,
      crc32: pieces.reduce((crc) => crc32(piece, crc), 0),
    };
    await zip.addStored({ name: 'large.wav', modifiedAt, ...large }, Readable.from(pieces));
    const behind = Buffer.from('behind');
    await zip.addStored({ name: 'behind', bytes: 6, crc32: crc32(behind), modifiedAt }, piecesOf(behind));
    await zip.addDeflated('deflated', modifiedAt, [behind]);
    await zip.end();
    const { stdout } = await run('unzip', ['-p', 'big.zip', 'behind', 'deflated'], { cwd: folder });
    expect(stdout).toBe('behindbehind');
    const listed = await run('unzip', ['-Zs', 'big.zip', 'large.wav'], { cwd: folder });
    expect(listed.stdout).toContain(`${large.bytes}`);
  });
});

/** A file in which zeros take no room. */
async function openSparse(path: string): Promise<Output> {
  const file = await open(path, 'w');
  onTestFinished(() => file.close());
  let end = 0;
  return {
    write: async (chunk) => {
      if (chunk.length < 1_000_000) await file.write(chunk, 0, chunk.length, end);
      end += chunk.length;
    },
  };
}

describe('a file in a ZIP', () => {
  it('must be what was announced of it', async () => {
    const zip = new ZipWriter(new MemoryOutput(), new MemorySpool());
    const announced = { name: 'a', bytes: 3, crc32: crc32('abc'), modifiedAt };
    await expect(zip.addStored(announced, piecesOf(Buffer.from('abd')))).rejects.toThrow(
      'not what was announced',
    );
    await expect(zip.addStored(announced, piecesOf(Buffer.from('ab')))).rejects.toThrow(
      'not what was announced',
    );
  });
});
