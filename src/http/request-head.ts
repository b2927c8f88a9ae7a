/*
 * The head of a request as bytes, before it is parsed: where it ends, what it is asked at, and whether it can become a
 * request at all.
 */

/**
 * Request line and headers together: four times what servers usually take, since a callId of 4 KiB goes in a path,
 * percent-encoded. Strangers send heads, so what is kept for one that has not ended is little.
 */
export const maxHeadBytes = 64 * 1024;

const lineThenEmptyLine = Buffer.from('\n\r\n');
const twoLineFeeds = Buffer.from('\n\n');

/** Where the head ends that begins at 0 (exclusive); undefined where it has not ended. Lines may end with a mere line feed: whether that is taken is for the parser. */
export function endOfHead(bytes: Buffer, from = 0): number | undefined {
  const usual = bytes.indexOf(lineThenEmptyLine, from);
  const end = usual === -1 ? bytes.length : usual + lineThenEmptyLine.length;
  const other = bytes.subarray(0, end).indexOf(twoLineFeeds, from);
  if (other !== -1) return other + twoLineFeeds.length;
  return usual === -1 ? undefined : end;
}

/** A head that comes in pieces. */
export class UnfinishedHead {
  #buffer = Buffer.alloc(0);
  #length = 0;
  #isLineSeen = false;

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Returns where the head ends within `bytes`, if it now does. */
  add(piece: Buffer): number | undefined {
    const from = Math.max(0, this.#length - 2);
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) {
      // Twice as much each time: somebody who sends it byte by byte has nothing copied over and over.
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.#length);
    this.#length = length;
    return endOfHead(this.bytes, from);
  }

  /** Whether what has come so far can be no request, so that the rest is not waited for. */
  get isHopeless(): boolean {
    if (this.#isLineSeen) return false;
    if (!/^[A-Za-z-]{1,20}(?: |$)/.test(this.bytes.toString('latin1', 0, 21))) return true;
    const end = this.bytes.indexOf(0x0a);
    if (end === -1) return false;
    this.#isLineSeen = true;
    return !/^\S+ .* HTTP\/\d\.\d\r?$/.test(this.bytes.toString('latin1', 0, end));
  }
}

/** What the request is asked at, without scheme and host: a proxy may ask for `http://host/path`, and a server must take it (RFC 9112, section 3.2.2). */
export function targetOf(head: Buffer): string {
  const lineEnd = head.indexOf(0x0a);
  const line = head.toString('latin1', 0, lineEnd === -1 ? head.length : lineEnd);
  return toOriginForm(/^\S+ +(\S*)/.exec(line)?.[1] ?? '');
}

export function toOriginForm(target: string): string {
  if (target.startsWith('/') || !/^https?:\/\//i.test(target)) return target;
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '');
  return path.startsWith('/') ? path : `/${path}`;
}

const lengthLine = /^content-length[ \t]*:/i;

/** The head with one Content-Length where it told the same one several times (RFC 9110, section 8.6). Lengths that differ are left, for the parser to refuse. */
export function withOneLength(head: Buffer): Buffer {
  const text = head.toString('latin1');
  const told = text.match(/\ncontent-length[ \t]*:[^\r\n]*/gi);
  if (!told || (told.length === 1 && !told[0].includes(','))) return head;
  const lengths = told
    .flatMap((line) => line.slice(line.indexOf(':') + 1).split(','))
    .map((one) => one.trim());
  const [length = ''] = lengths;
  if (!/^\d+$/.test(length) || lengths.some((other) => other !== length)) return head;
  const lines = text.split('\n');
  const at = lines.findIndex((line) => lengthLine.test(line));
  const rest = lines.slice(at + 1).filter((line) => !lengthLine.test(line));
  return Buffer.from([...lines.slice(0, at), `Content-Length: ${length}\r`, ...rest].join('\n'), 'latin1');
}
