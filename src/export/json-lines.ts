import type { ExportedCall } from './call-pages.js';
import { writeText, type Output } from './output.js';

/** A call as the API gives it. */
export type ToJson = (call: ExportedCall) => object;

/** One call in each line. */
export async function writeJsonLines(
  pages: AsyncIterable<readonly ExportedCall[]>,
  toJson: ToJson,
  output: Output,
): Promise<void> {
  await writeText(output, toTexts());

  async function* toTexts(): AsyncGenerator<string, void, undefined> {
    for await (const calls of pages) yield calls.map((call) => `${JSON.stringify(toJson(call))}\n`).join('');
  }
}
