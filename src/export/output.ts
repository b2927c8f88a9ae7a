import { createHash } from 'node:crypto';
import { type AssetDraft, type Drafts, StorageError } from '../storage/asset-storage.js';

/** Where the bytes of an export go, in their order. */
export interface Output {
  /** Takes the chunk over: it must not be changed afterwards. Resolves when more may come. */
  write(chunk: Uint8Array): Promise<void>;
}

/** Longest text that is gathered before it is written. */
const gatheredLength = 64 * 1024;

/** Writes text as UTF-8, in pieces that are worth a write; half a surrogate pair becomes U+FFFD. */
export async function writeText(output: Output, texts: AsyncIterable<string>): Promise<void> {
  let gathered = '';
  for await (const text of texts) {
    gathered += text;
    if (gathered.length < gatheredLength) continue;
    await output.write(Buffer.from(gathered));
    gathered = '';
  }
  if (gathered !== '') await output.write(Buffer.from(gathered));
}

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

/** An export that cannot be made; the message is a sentence for whoever asked for it. */
class ExportFailure extends Error {
  override readonly name = 'ExportFailure';
}

export function outOfRoom(neededBytes?: number): Error {
  const need = neededBytes === undefined ? '' : ` It needs ${toGigabytes(neededBytes)} GB.`;
  return new ExportFailure(
    `There is too little room on the server's disk, where an export is put together.${need} Ask for fewer calls, or make room.`,
  );
}

/** Why an export failed, as a sentence without anything secret; undefined where it is a mistake of ours. */
export function toReason(error: unknown): string | undefined {
  if (error instanceof ExportFailure) return error.message;
  if (!(error instanceof StorageError)) return undefined;
  if (error.code === 'no-space') return outOfRoom().message;
  return 'The storage could not be read or written. Try again once it can; `earshot doctor` names the cause.';
}

function toGigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
