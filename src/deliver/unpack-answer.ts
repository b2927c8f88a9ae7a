import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const inflate = promisify(zlib.inflate) as Unpack;
const inflateRaw = promisify(zlib.inflateRaw) as Unpack;
const gunzip = promisify(zlib.gunzip) as Unpack;

const decoders: Readonly<Record<string, Unpack | undefined>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  // Meant is the zlib format (RFC 9110, 8.4.1.2); what some send has no header. The first byte's low half tells.
  deflate: (bytes, options) => ((bytes[0] ?? 0) % 16 === 8 ? inflate : inflateRaw)(bytes, options),
  br: promisify(zlib.brotliDecompress),
};

export interface UnpackedAnswer {
  readonly bytes: Uint8Array;
  /** It holds more than `maxBytes`. */
  readonly isLonger: boolean;
}

/**
 * The answer to a push as its receiver wrote it. Earshot asks for answers that are not packed; proxies pack them all the
 * same. What cannot be unpacked stays as it came: then it is no acknowledgement.
 * @param coding `Content-Encoding`.
 */
export async function unpackAnswer(
  coding: string | undefined,
  answer: UnpackedAnswer,
  maxBytes: number,
): Promise<UnpackedAnswer> {
  const codings = (coding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  let { bytes } = answer;
  for (const name of codings.filter((one) => one !== '' && one !== 'identity').reverse()) {
    const unpack = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
    if (!unpack || answer.isLonger) return answer;
    try {
      bytes = await unpack(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      return { ...answer, isLonger: (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' };
    }
  }
  return { bytes, isLonger: answer.isLonger };
}
