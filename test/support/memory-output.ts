import { crc32 } from 'node:zlib';
import type { Output } from '../../src/export/output.js';
import type { Spool } from '../../src/export/spool.js';

/** Gathers what is written. */
export class MemoryOutput implements Output {
  readonly #chunks: Uint8Array[] = [];

  write(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(chunk);
    return Promise.resolve();
  }

  get whole(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

export class MemorySpool extends MemoryOutput implements Spool {
  get bytes(): number {
    return this.whole.length;
  }

  get crc32(): number {
    return crc32(this.whole);
  }

  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    yield await Promise.resolve(this.whole);
  }

  drop(): Promise<void> {
    return Promise.resolve();
  }
}
