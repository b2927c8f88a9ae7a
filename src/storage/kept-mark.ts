import { readFile, writeFile } from 'node:fs/promises';
import type { KeptMark } from './asset-storage.js';

export interface KeptBytes {
  readonly bytes: number;
  readonly mark?: KeptMark;
}

export async function writeMark(path: string, bytes: number, mark: KeptMark): Promise<void> {
  await writeFile(path, JSON.stringify({ bytes, ...mark }));
}

/** What a mark says of a file of `size` bytes; no bytes where it does not fit, or says nothing. */
export async function readMark(path: string, size: number): Promise<KeptBytes> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    const { bytes, etag, sha256, isWhole, coding } = JSON.parse(text) as Record<string, unknown>;
    const fits = Number.isSafeInteger(bytes) && (bytes as number) > 0 && (bytes as number) <= size;
    if (!fits || typeof sha256 !== 'string') return { bytes: 0 };
    const told = { sha256, ...(typeof coding === 'string' ? { coding } : {}) };
    if (isWhole === true) return { bytes: bytes as number, mark: { isWhole, ...told } };
    if (typeof etag === 'string') return { bytes: bytes as number, mark: { etag, ...told } };
  } catch {
    // A mark that a crash cut short is no mark.
  }
  return { bytes: 0 };
}
