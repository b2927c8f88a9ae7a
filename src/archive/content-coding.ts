import { Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { AssetDraft } from '../storage/asset-storage.js';
import { RunningDigests } from './checksums.js';
import { HeadCollector, type WholeBytes } from './whole-bytes.js';

/** More layers than this are nobody's recording. */
const mostCodings = 3;
const readBytes = 512 * 1024;

/** zstd is part of newer versions of Node. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };

const decoders: Readonly<Record<string, ((first: number) => Transform) | undefined>> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  // Meant is the zlib format (RFC 9110, 8.4.1.2); what some send has no header. The first byte's low half tells.
  deflate: (first) => ((first & 15) === 8 ? zlib.createInflate() : zlib.createInflateRaw()),
  br: () => zlib.createBrotliDecompress(),
  ...(createZstdDecompress ? { zstd: () => createZstdDecompress() } : {}),
};

/**
 * Unpacks what `Content-Encoding` says the object is kept in, from one draft into another. Undefined where the bytes
 * are not so coded, hold less or more than that, are coded in a way that is not known here, or unpack to more than
 * `maxBytes`: then they are what they are, and stay as they came.
 * @throws StorageError where the drafts cannot be read or written.
 */
export async function unpack(
  coding: string,
  source: { readonly draft: AssetDraft; readonly bytes: number },
  into: AssetDraft,
  maxBytes: number,
): Promise<WholeBytes | undefined> {
  const names = coding.split(',').map((name) => name.trim().toLowerCase());
  const codings = names.filter((name) => name !== 'identity' && name !== '');
  if (codings.length === 0 || codings.length > mostCodings) return undefined;
  const whole = { digests: new RunningDigests({}), head: new HeadCollector() };
  const input = Readable.from(readAll(source));
  const trouble: unknown[] = [];
  let stream: Readable = input;
  const stages: Readable[] = [input];
  const [first = 0] = await source.draft.readAt(0, 1);
  for (const name of codings.reverse()) {
    const decoder = decoders[name]?.(first);
    if (!decoder) return undefined;
    const before = stream;
    before.on('error', (error) => decoder.destroy(error));
    stream = before.pipe(decoder);
    stages.push(stream);
  }
  input.on('error', (error) => trouble.push(error));
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      whole.digests.update(chunk);
      whole.head.add(chunk);
      if (whole.digests.bytes > maxBytes) return undefined;
      // `write` keeps what it is given, and the decoder goes on with a new piece.
      await into.write(chunk).catch((error: unknown) => {
        trouble.push(error);
        throw error;
      });
    }
    return whole.digests.bytes > 0 ? whole : undefined;
  } catch {
    // Of the coding, unless reading or writing failed.
    if (trouble.length > 0) throw trouble[0];
    return undefined;
  } finally {
    for (const stage of stages) stage.destroy();
  }
}

async function* readAll({
  draft,
  bytes,
}: {
  readonly draft: AssetDraft;
  readonly bytes: number;
}): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes;) {
    const chunk = await draft.readAt(at, Math.min(readBytes, bytes - at));
    if (chunk.length === 0) return;
    at += chunk.length;
    yield chunk;
  }
}
