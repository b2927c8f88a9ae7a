const words = 'Written to find out whether recordings can be kept here; may be deleted. ';
const chunkBytes = 64 * 1024;

/** So many bytes, in pieces; no two pieces are alike, so that none can be taken for another. */
export function* probeContent(bytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes; at += chunkBytes) {
    const chunk = Buffer.alloc(Math.min(chunkBytes, bytes - at), words);
    chunk.write(String(at));
    yield chunk;
  }
}
