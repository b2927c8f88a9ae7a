import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ApiProblem } from '../../contract/client.js';
import type { QuarantineChoice, QuarantineParameters } from '../../contract/quarantine.js';
import { AppError } from '../../domain/errors.js';
import { decodeText } from '../../protocol/charset.js';
import type { ServerClient } from './server-client.js';

type Quarantine = ServerClient['quarantine'];

/** What became of items that were sorted again. */
export interface Acceptance {
  /** That left quarantine. */
  items: number;
  messages: number;
  duplicates: number;
  /** That stayed. */
  unreadable: number;
}

/** Sorts all items of a choice again, as they were received; those that are still no message stay. */
export async function acceptChosen(quarantine: Quarantine, choice: QuarantineChoice): Promise<Acceptance> {
  const total = { items: 0, messages: 0, duplicates: 0, unreadable: 0 };
  for (let cursor: string | undefined; ;) {
    const retried = await quarantine.retryChosen({ ...choice, ...(cursor === undefined ? {} : { cursor }) });
    for (const name of ['items', 'messages', 'duplicates', 'unreadable'] as const) {
      total[name] += retried[name];
    }
    cursor = retried.nextCursor;
    if (cursor === undefined) return total;
  }
}

/** Sorts these items again, read as text of `charset` where one is given. */
export async function acceptItems(
  quarantine: Quarantine,
  ids: AsyncIterable<string> | Iterable<string>,
  charset?: string,
): Promise<Acceptance> {
  const total = { items: 0, messages: 0, duplicates: 0, unreadable: 0 };
  for await (const id of ids) {
    try {
      const text = charset === undefined ? undefined : await readAs(quarantine, id, charset);
      const { messages, duplicates } = await quarantine.retry(id, text);
      total.items++;
      total.messages += messages;
      total.duplicates += duplicates;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'quarantine-still-unreadable') throw error;
      total.unreadable++;
    }
  }
  return total;
}

/** Sorts what a file holds (`-`: standard input) in place of an item. */
export async function acceptCorrected(
  quarantine: Quarantine,
  id: string,
  file: string,
  stdin: Readable,
): Promise<Acceptance> {
  const { messages, duplicates } = await quarantine.retry(
    id,
    (await readInput(file, stdin)).toString('base64'),
  );
  return { items: 1, messages, duplicates, unreadable: 0 };
}

async function readInput(file: string, stdin: Readable): Promise<Buffer> {
  try {
    return await (file === '-' ? buffer(stdin) : readFile(file));
  } catch (error) {
    throw new AppError('input-unreadable', `${file} cannot be read: ${(error as Error).message}.`);
  }
}

/** What is no text of that charset stays as it is, and will not be a message. */
async function readAs(quarantine: Quarantine, id: string, charset: string): Promise<string> {
  const { body } = await quarantine.get(id);
  const text = decodeText(Buffer.from(body, 'base64'), charset);
  return text === undefined ? body : Buffer.from(text).toString('base64');
}

/** All that a filter finds, page by page. */
export async function* itemsInQuarantine(quarantine: Quarantine, filter: QuarantineParameters) {
  for (let cursor: string | undefined; ;) {
    const page = await quarantine.list({
      ...filter,
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.nextCursor;
    if (cursor === undefined) return;
  }
}
