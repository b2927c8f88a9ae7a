import { crc32 } from 'node:zlib';
import type { AssetDraft, Drafts } from '../storage/asset-storage.js';
import type { Output } from './output.js';

/** What is gathered on the disk until its turn comes. */
export interface Spool extends Output {
  readonly bytes: number;
  readonly crc32: number;
  /** All of it, from the beginning. */
  read(): AsyncIterable<Uint8Array>;
  /** Nothing is left of it. */
  drop(): Promise<void>;
}

const readBytes = 256 * 1024;

/** Opens an empty one; what an earlier run of that id has left is dropped. */
export async function openSpool(drafts: Pick<Drafts, 'openDraft'>, id: string): Promise<Spool> {
  const draft = await drafts.openDraft(id);
  try {
    if (draft.kept.bytes > 0) await draft.restart();
    return new DraftSpool(draft);
  } catch (error) {
    await draft.abandon();
    throw error;
  }
}

class DraftSpool implements Spool {
  readonly #draft: AssetDraft;
  #bytes = 0;
  #crc32 = 0;

  constructor(draft: AssetDraft) {
    this.#draft = draft;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get crc32(): number {
    return this.#crc32;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.length;
    this.#crc32 = crc32(chunk, this.#crc32);
    await this.#draft.write(chunk);
  }

  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < this.#bytes;) {
      const chunk = await this.#draft.readAt(at, Math.min(readBytes, this.#bytes - at));
      if (chunk.length === 0) throw new Error('a spool has lost bytes');
      at += chunk.length;
      yield chunk;
    }
  }

  async drop(): Promise<void> {
    await this.#draft.abandon();
  }
}
