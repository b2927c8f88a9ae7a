import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import type { Output } from '../output.js';
import type { Spool } from '../spool.js';
import { centralHeader, dataDescriptor, endRecords, localHeader, type ZipEntry } from './zip-records.js';

/** An entry whose bytes are known before they are written. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
  readonly crc32: number;
  readonly modifiedAt: number;
}

const maxDescribedBehind = 0xffff_fffe;
/** More effort gains little, and takes long. */
const level = 4;

/**
 * Writes a ZIP file of any size, one entry after the other, in little memory: the directory, which comes last, is
 * gathered in a spool. What is stored carries its numbers before its bytes, so that it can be unpacked on the way in.
 * Why not a library: docs/adr/0010-exports.md.
 */
export class ZipWriter {
  readonly #output: Output;
  /** The directory, as it will be at the end. */
  readonly #directory: Spool;
  #offset = 0;
  #entries = 0;

  constructor(output: Output, directory: Spool) {
    this.#output = output;
    this.#directory = directory;
  }

  /** As they are. @throws Error where the chunks are not the file that was announced. */
  async addStored(file: StoredFile, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const { name, bytes, crc32: announced, modifiedAt } = file;
    const entry: ZipEntry = {
      ...{ name, bytes, compressedBytes: bytes, crc32: announced, modifiedAt },
      ...{ method: 'stored', offset: this.#offset, isDescribedBehind: false },
    };
    await this.#write(localHeader(entry));
    let written = 0;
    let crc = 0;
    for await (const chunk of chunks) {
      written += chunk.length;
      crc = crc32(chunk, crc);
      await this.#write(chunk);
    }
    if (written !== bytes || crc !== announced) throw new Error(`${name} is not what was announced of it`);
    await this.#keep(entry);
  }

  /** Compressed on the way. @throws Error past 4 GiB. */
  async addDeflated(
    name: string,
    modifiedAt: number,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const begun: ZipEntry = {
      ...{ name, bytes: 0, compressedBytes: 0, crc32: 0, modifiedAt },
      ...{ method: 'deflated', offset: this.#offset, isDescribedBehind: true },
    };
    await this.#write(localHeader(begun));
    const start = this.#offset;
    let bytes = 0;
    let crc = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        crc = crc32(chunk, crc);
        if (bytes > maxDescribedBehind) throw new Error(`${name} is past 4 GiB`);
        yield chunk;
      }
    };
    await pipeline(counted(), createDeflateRaw({ level }), async (compressed: AsyncIterable<Uint8Array>) => {
      for await (const chunk of compressed) await this.#write(chunk);
    });
    const entry = { ...begun, bytes, crc32: crc, compressedBytes: this.#offset - start };
    await this.#write(dataDescriptor(entry));
    await this.#keep(entry);
  }

  /** The directory, and with it the end of the file. */
  async end(): Promise<void> {
    const offset = this.#offset;
    for await (const chunk of this.#directory.read()) await this.#write(chunk);
    await this.#write(endRecords({ entries: this.#entries, bytes: this.#offset - offset, offset }));
  }

  async #keep(entry: ZipEntry): Promise<void> {
    this.#entries++;
    await this.#directory.write(centralHeader(entry));
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#offset += chunk.length;
    await this.#output.write(chunk);
  }
}
