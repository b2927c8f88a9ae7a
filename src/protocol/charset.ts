import { isUtf8 } from 'node:buffer';

/** The charset that a `Content-Type` names, as the other side wrote it; undefined where none is named, or UTF-8. */
export function readCharset(contentType: string | undefined): string | undefined {
  const named = /;\s*charset\s*=\s*["']?([\w.:+-]{1,40})/i.exec(contentType?.slice(0, 400) ?? '')?.[1];
  return named === undefined || /^utf-?8$/i.test(named) ? undefined : named;
}

/**
 * Bytes as text, or undefined where they are none. UTF-16 is told by its bytes: no JSON holds a zero byte otherwise,
 * and many who say UTF-16 send something else. Then the charset that was told, whatever a browser would know; what
 * is plainly UTF-8 is that, whatever was told (frameworks say `ISO-8859-1` by themselves).
 */
export function decodeText(bytes: Uint8Array, charset?: string): string | undefined {
  const utf16 = asUtf16(bytes);
  if (utf16) return utf16;
  const utf8 = isUtf8(bytes) ? asUtf8(bytes) : undefined;
  const decoder = charset === undefined ? undefined : decoderOf(charset);
  if (!decoder || (utf8 !== undefined && isPlainlyUtf8.test(utf8))) return utf8;
  try {
    return decoder.decode(bytes);
  } catch {
    return utf8;
  }
}

/** Whether bytes are UTF-16, in which a bracket may be any byte's neighbour. */
export function isUtf16(bytes: Uint8Array): boolean {
  return asUtf16(bytes) !== undefined;
}

/** A surrogate that stands alone: only UTF-16 can hold one, and no store keeps it as text. */
export const halfCharacter = /\p{Surrogate}/u;

/** Two letters of Chinese: by chance hardly any text of another charset has the form of their three bytes. */
const isPlainlyUtf8 = /[\u0800-\uffff]/;

function asUtf8(bytes: Uint8Array): string {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return asBuffer(bytes).toString('utf8', start);
}

/** Surrogates that stand alone stay what they are. */
function asUtf16(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined || bytes.length % 2 !== 0) return undefined;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!hasMark && (first === 0) === (second === 0)) return undefined;
  const isBigEndian = hasMark ? first === 0xfe : first === 0;
  const little = isBigEndian ? Buffer.from(bytes).swap16() : asBuffer(bytes);
  return little.toString('utf16le', hasMark ? 2 : 0);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

type Decoder = InstanceType<typeof TextDecoder>;

const decoders = new Map<string, Decoder | undefined>();
/** Senders name a charset or two; who names thousands shall not fill the memory. */
const maxDecoders = 50;

function decoderOf(charset: string): Decoder | undefined {
  const name = charset.toLowerCase();
  if (decoders.has(name)) return decoders.get(name);
  if (decoders.size >= maxDecoders) decoders.clear();
  const decoder = createDecoder(name);
  decoders.set(name, decoder);
  return decoder;
}

/** Code page numbers are no names of the web. */
const otherNames: Readonly<Record<string, string>> = {
  cp936: 'gbk',
  ms936: 'gbk',
  cp54936: 'gb18030',
  cp950: 'big5',
};

function createDecoder(name: string): Decoder | undefined {
  try {
    const { encoding } = new TextDecoder(otherNames[name] ?? name);
    if (encoding.startsWith('utf-')) return undefined;
    // The one decoder holds the other, as browsers have it; that of ICU for GBK takes bytes that are nobody's.
    return new TextDecoder(encoding === 'gbk' ? 'gb18030' : encoding, { fatal: true });
  } catch {
    return undefined;
  }
}
