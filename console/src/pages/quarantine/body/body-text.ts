/** What was received, as far as it is text. */
export interface BodyText {
  /** Undefined where the bytes are no UTF-8 throughout. A byte order mark is left out. */
  readonly text: string | undefined;
  /** Offset of the first byte that is no UTF-8. */
  readonly faultAt?: number;
}

export function readText(bytes: Uint8Array): BodyText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: undefined, faultAt: findUtf8Fault(bytes) };
  }
}

/** The offset of the first byte that belongs to no character of UTF-8. */
function findUtf8Fault(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = lengthOfCharacter(bytes, at);
    if (length === 0) break;
    at += length;
  }
  return at;
}

/** In bytes; 0 where none begins there. */
function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  // No detours to shorter characters, no surrogates, nothing beyond U+10FFFF.
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] ?? 0;
  if (second < lowest || second > highest) return 0;
  for (let behind = at + 2; behind < at + length; behind += 1)
    if (((bytes[behind] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** As GB18030, which Chinese systems write where nothing else was asked for; undefined where it is not that. */
export function readGb18030(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const bytesPerLine = 16;

/** Pairs of hex digits, sixteen in a line. */
export function writeHex(bytes: Uint8Array): string {
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const lines: string[] = [];
  for (let at = 0; at < pairs.length; at += bytesPerLine)
    lines.push(pairs.slice(at, at + bytesPerLine).join(' '));
  return lines.join('\n');
}

/** Space and line breaks may stand anywhere between pairs; undefined where something else does. */
export function readHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  const digits = text.replaceAll(/\s+/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  );
}

/** A hex dump for reading: offset, bytes, and what of them is ASCII. */
export function writeHexDump(bytes: Uint8Array, fromOffset = 0): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += bytesPerLine) {
    const part = bytes.subarray(at, at + bytesPerLine);
    const offset = (fromOffset + at).toString(16).padStart(8, '0');
    const hex = writeHex(part).padEnd(bytesPerLine * 3 - 1);
    const ascii = Array.from(part, (byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '·'));
    lines.push(`${offset}  ${hex}  ${ascii.join('')}`);
  }
  return lines.join('\n');
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** In slices: a call takes so many arguments only. */
export function toBase64(bytes: Uint8Array): string {
  const slices: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192)
    slices.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(slices.join(''));
}
