import type { IncomingMessage, ServerResponse } from 'node:http';
import { isGzip } from '../protocol/content-coding.js';

/** Smaller pieces are copied together. Each piece that is kept costs some hundred bytes beside its own, and a sender may make them of one byte. */
const smallBytes = 4 * 1024;
const togetherBytes = 16 * 1024;

/** A body that comes in pieces: what it takes is little more than what has come, however small the pieces are. */
export class GatheredBytes {
  #pieces: Buffer[] = [];
  #together: Buffer | undefined;
  #filled = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    const isFirst = this.#length === 0;
    this.#length += piece.length;
    // The first is often all there is.
    if (isFirst || piece.length >= smallBytes) {
      this.#closeTogether();
      this.#pieces.push(piece);
      return;
    }
    if (this.#filled + piece.length > togetherBytes) this.#closeTogether();
    this.#together ??= Buffer.allocUnsafeSlow(togetherBytes);
    this.#filled += piece.copy(this.#together, this.#filled);
  }

  /** All of it. It can be added to no more. */
  whole(): Buffer {
    this.#closeTogether();
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first ? first : Buffer.concat(this.#pieces);
  }

  /** Forgets all of it: a request that was refused may stay open. */
  clear(): void {
    this.#pieces = [];
    this.#together = undefined;
    this.#filled = 0;
    this.#length = 0;
  }

  #closeTogether(): void {
    if (!this.#together) return;
    this.#pieces.push(this.#together.subarray(0, this.#filled));
    this.#together = undefined;
    this.#filled = 0;
  }
}

/**
 * Says `100 Continue` to a sender that waits for it with its body. Called once it is known that the body will be read: a
 * stranger's is not asked for. Where it is never called, the answer ends the connection, since nobody knows whether the
 * body follows.
 */
export function inviteBody(request: IncomingMessage, response: ServerResponse): void {
  const { expect } = request.headers;
  if (expect === undefined || request.httpVersion !== '1.1') return;
  if (/(?:^|\W)100-continue(?:$|\W)/i.test(expect)) response.writeContinue();
}

/**
 * Whether a body can be a push by its first and last byte: an array or an object, or gzip. Nothing more is
 * looked at before the acknowledgement; what is inside is the sorter's business.
 */
export function looksLikePush(body: Uint8Array): boolean {
  if (body.length === 0 || isGzip(body)) return true;
  let first = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (isSpace(body[first])) first++;
  let last = body.length - 1;
  while (last > first && isSpace(body[last])) last--;
  const [open, close] = [body[first], body[last]];
  return (open === 0x5b && close === 0x5d) || (open === 0x7b && close === 0x7d);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
