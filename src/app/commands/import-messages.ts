import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { AppError } from '../../domain/errors.js';
import { splitPush } from '../../protocol/push-body.js';
import type { InboxWriter } from '../../store/inbox.js';
import type { Config } from '../config.js';
import { openDataDir } from '../open-data-dir.js';

/** Messages in one push of an import. */
const messagesAPush = 500;
const source = 'import';

export interface ImportReport {
  messages: number;
  pushes: number;
  /** Lines or elements that are not JSON: each went to quarantine by itself. 1-based. */
  readonly unreadable: { readonly from: string; readonly place: number }[];
}

/**
 * Puts messages of JSON files (an array or one object), NDJSON files (a message a line) or standard input
 * (either) into the inbox, as pushes of the source `import`: from there they go the way of every push.
 * Nothing is lost: what is not JSON is kept in quarantine and named in the report.
 * @throws AppError `input-unreadable` where a file cannot be read.
 */
async function importMessages(
  names: readonly string[],
  stdin: Readable,
  inbox: Pick<InboxWriter, 'append'>,
  now: () => number,
  onProgress: (messages: number) => void,
): Promise<ImportReport> {
  const report: ImportReport = { messages: 0, pushes: 0, unreadable: [] };
  const put = async (bodies: readonly Buffer[]): Promise<void> => {
    await inbox.append(bodies.map((body) => ({ receivedAt: now(), source, remoteAddress: '', body })));
    report.pushes += bodies.length;
  };
  for (const name of names) {
    let waiting: string[] = [];
    const putWaiting = async (): Promise<void> => {
      if (waiting.length === 0) return;
      await put([Buffer.from(`[${waiting.join(',')}]`)]);
      report.messages += waiting.length;
      onProgress(waiting.length);
      waiting = [];
    };
    for await (const { text, place } of readTexts(name, stdin)) {
      if (isJson(text)) waiting.push(text);
      else {
        report.unreadable.push({ from: name, place });
        await put([Buffer.from(text)]);
      }
      if (waiting.length >= messagesAPush) await putWaiting();
    }
    await putWaiting();
  }
  return report;
}

/** Imports into the inbox of a data folder, whether a server works on it or not. */
export async function importFiles(
  config: Config,
  names: readonly string[],
  stdin: Readable,
  onProgress: (messages: number) => void,
): Promise<ImportReport> {
  const data = openDataDir(config.dataDir, { mayCreate: true });
  try {
    return await importMessages(names, stdin, data.inbox, () => Date.now(), onProgress);
  } finally {
    data.close();
  }
}

/** The texts of single messages. NDJSON is told by its first line being a whole value by itself. */
async function* readTexts(name: string, stdin: Readable): AsyncGenerator<{ text: string; place: number }> {
  try {
    if (name === '-' || /\.(ndjson|jsonl)$/i.test(name))
      yield* readLines(name === '-' ? stdin : createReadStream(name));
    else yield* elementsOf(await readFile(name));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('input-unreadable', `${name} cannot be read: ${(error as Error).message}.`);
  }
}

async function* readLines(input: Readable): AsyncGenerator<{ text: string; place: number }> {
  let place = 0;
  const rest: string[] = [];
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    place++;
    const text = (place === 1 ? line.replace(/^\uFEFF/, '') : line).trim();
    // Standard input may be one JSON document over many lines: then no line of it is a value by itself.
    if (rest.length > 0 || (place === 1 && text !== '' && !isJson(text))) rest.push(line);
    else if (text.startsWith('[')) yield* elementsOf(Buffer.from(text));
    else if (text !== '') yield { text, place };
  }
  if (rest.length === 0) return;
  const document = rest.join('\n');
  if (isJson(document)) yield* elementsOf(Buffer.from(document));
  else
    for (const [index, line] of rest.entries())
      if (line.trim() !== '') yield { text: line.trim(), place: index + 1 };
}

function* elementsOf(bytes: Buffer): Generator<{ text: string; place: number }> {
  const split = splitPush(bytes);
  const elements = 'elements' in split ? split.elements : [bytes.toString('utf8')];
  for (const [index, text] of elements.entries()) yield { text, place: index + 1 };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
