import { createHash } from 'node:crypto';
import type { AssetDraft, Drafts } from '../storage/asset-storage.js';
import { outOfRoom } from './export-failure.js';
import type { Output } from './output.js';

/** Asked once in so many bytes whether there is room for as many again. */
const askedEveryBytes = 64 * 1024 * 1024;

/** The file of an export while it is written: counted, hashed, and stopped before it takes what the store needs. */
export class DraftOutput implements Output {
  readonly #draft: AssetDraft;
  readonly #drafts: Pick<Drafts, 'draftRoom'>;
  readonly #signal: AbortSignal;
  readonly #sha256 = createHash('sha256');
  #bytes = 0;
  #roomUntil = 0;

  constructor(draft: AssetDraft, drafts: Pick<Drafts, 'draftRoom'>, signal: AbortSignal) {
    this.#draft = draft;
    this.#drafts = drafts;
    this.#signal = signal;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#bytes + chunk.length > this.#roomUntil) await this.#askForRoom();
    this.#bytes += chunk.length;
    this.#sha256.update(chunk);
    await this.#draft.write(chunk);
  }

  /** All of it, under its name. Returns its SHA-256 in hex. */
  async commit(fileName: string): Promise<string> {
    const sha256 = this.#sha256.digest('hex');
    await this.#draft.commit(fileName, { sha256, signal: this.#signal });
    return sha256;
  }

  async #askForRoom(): Promise<void> {
    if ((await this.#drafts.draftRoom()) < askedEveryBytes) throw outOfRoom();
    this.#roomUntil = this.#bytes + askedEveryBytes;
  }
}
