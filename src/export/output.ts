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
