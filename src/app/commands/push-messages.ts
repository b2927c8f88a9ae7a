import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { AppError } from '../../domain/errors.js';
import { splitPush } from '../../protocol/push-body.js';
import { sortPush } from '../../sort/sort-push.js';
import type { InboxWriter } from '../../store/inbox.js';
import { type Config, toUrl } from '../../settings/config.js';
import { openData, withData } from '../open-data.js';
import { isAcknowledged, senderTimeoutMs } from '../../protocol/acknowledgement.js';
import { samplePush } from '../../protocol/sample.js';
import { defaultSource } from '../../store/sources.js';
import { readPushToken } from '../../sources/secrets.js';

/** Messages in one push of an import. */
const messagesAPush = 500;
/** A push of an import is no larger than this, but for a single message that is. */
const charactersAPush = 8 * 1024 * 1024;
const source = 'import';
/** Call ids that are remembered to count the calls: beyond this the report says "and more". */
export const mostCalls = 1_000_000;

export interface ImportReport {
  /** What the sorter makes of it: it reads every push as it was read here. */
  messages: number;
  /** Of so many calls; `mostCalls` where there are more. */
  calls: number;
  /** Items for quarantine, by reason. */
  readonly quarantined: Record<string, number>;
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
  const report: ImportReport = { messages: 0, calls: 0, quarantined: {}, pushes: 0, unreadable: [] };
  const callIds = new Set<string>();
  const put = async (body: Buffer): Promise<void> => {
    const push = { receivedAt: now(), source, remoteAddress: '', body };
    await inbox.append([push]);
    report.pushes++;
    const { messages, quarantined } = sortPush({ ...push, id: 0 });
    report.messages += messages.length;
    for (const { callId } of messages) if (callIds.size < mostCalls) callIds.add(callId);
    for (const { reason } of quarantined) report.quarantined[reason] = (report.quarantined[reason] ?? 0) + 1;
    report.calls = callIds.size;
  };
  for (const name of names) {
    let waiting: string[] = [];
    let characters = 0;
    const putWaiting = async (): Promise<void> => {
      if (waiting.length === 0) return;
      await put(Buffer.from(`[${waiting.join(',')}]`));
      onProgress(waiting.length);
      waiting = [];
      characters = 0;
    };
    for await (const { bytes, place } of readPieces(name, stdin)) {
      const text = toJsonText(bytes);
      if (text === undefined) {
        report.unreadable.push({ from: name, place });
        await put(bytes);
        continue;
      }
      if (characters + text.length > charactersAPush) await putWaiting();
      waiting.push(text);
      characters += text.length;
      if (waiting.length >= messagesAPush) await putWaiting();
    }
    await putWaiting();
  }
  return report;
}

/** Imports into the inbox, whether a server works on it or not. */
export async function importFiles(
  config: Config,
  names: readonly string[],
  stdin: Readable,
  onProgress: (messages: number) => void,
): Promise<ImportReport> {
  const data = await openData(config, { mayCreate: true });
  try {
    return await importMessages(names, stdin, data.inbox, () => Date.now(), onProgress);
  } finally {
    await data.close();
  }
}

/** What may be one message: its bytes as they are in the input, and its line or its place in an array. 1-based. */
interface Piece {
  readonly bytes: Buffer;
  readonly place: number;
}

async function* readPieces(name: string, stdin: Readable): AsyncGenerator<Piece> {
  try {
    if (name === '-') yield* piecesOfLines(stdin);
    else if (/\.(ndjson|jsonl)$/i.test(name)) yield* piecesOfLines(createReadStream(name));
    else yield* piecesOfFile(await readFile(name));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('input-unreadable', `${name} cannot be read: ${(error as Error).message}.`);
  }
}

/** A file may hold messages in lines whatever it is called. */
async function* piecesOfFile(bytes: Buffer): AsyncGenerator<Piece> {
  const pieces = piecesOfDocument(bytes);
  if (pieces && (pieces.length !== 1 || pieces.every(isJson))) yield* pieces;
  else yield* piecesOfLines(Readable.from([bytes], { objectMode: false }));
}

/**
 * Messages a line, an array a line, or one document over many lines: that is told by the first line not being
 * a value by itself. Lines are read as Latin-1, so that every byte stays what it is, and U+2028, which may
 * stand in a JSON string, ends no line.
 */
async function* piecesOfLines(input: Readable): AsyncGenerator<Piece> {
  let place = 0;
  let hasBegun = false;
  const rest: Piece[] = [];
  for await (const line of createInterface({ input: input.setEncoding('latin1'), crlfDelay: Infinity })) {
    const bytes = Buffer.from(place === 0 ? line.replace(/^\xEF\xBB\xBF/, '') : line, 'latin1');
    const piece = { bytes, place: ++place };
    const isBlank = isSpace(line);
    if (rest.length > 0 || (!hasBegun && !isBlank && !isJson(piece))) rest.push(piece);
    else if (!isBlank) yield* piecesOfLine(piece);
    hasBegun ||= !isBlank;
  }
  const document = Buffer.concat(rest.flatMap(({ bytes }) => [bytes, lineFeed]));
  if (isJson({ bytes: document })) yield* piecesOfDocument(document) ?? [];
  else for (const piece of rest) if (!isSpace(piece.bytes.toString('latin1'))) yield* piecesOfLine(piece);
}

const lineFeed = Buffer.from('\n');

function piecesOfLine(line: Piece): Piece[] {
  if (!isJson(line)) return [line];
  return (piecesOfDocument(line.bytes) ?? []).map(({ bytes }) => ({ bytes, place: line.place }));
}

function piecesOfDocument(bytes: Buffer): Piece[] | undefined {
  const split = splitPush(bytes);
  if ('unreadable' in split) return undefined;
  return split.elements.map((element, index) => ({ bytes: Buffer.from(element), place: index + 1 }));
}

function isSpace(line: string): boolean {
  return /^[ \t\r]*$/.test(line);
}

function isJson({ bytes }: Pick<Piece, 'bytes'>): boolean {
  return toJsonText(bytes) !== undefined;
}

/** The JSON that the bytes are, undefined where they are none. */
function toJsonText(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

export interface SampleAnswer {
  readonly acknowledged: boolean;
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

/** Sends the specification's sample once, as the vendor's system would: POST, 700 ms for the whole answer. Rejects where nothing answers. */
export async function pushSample(url: string, request: typeof globalThis.fetch): Promise<SampleAnswer> {
  const startedAt = performance.now();
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    body: samplePush,
    redirect: 'manual',
    signal: AbortSignal.timeout(senderTimeoutMs),
  });
  const body = await response.text();
  const durationMs = performance.now() - startedAt;
  return { acknowledged: isAcknowledged(response.status, body), status: response.status, body, durationMs };
}

/** The push URL of a source, by its name. It is a secret: anyone who has it can push. */
export async function findPushUrl(config: Config, name: string): Promise<string> {
  const token =
    name === defaultSource && config.pushToken !== undefined
      ? config.pushToken
      : await findToken(config, name);
  return `${config.publicUrl ?? toUrl(config)}/push/${token}`;
}

async function findToken(config: Config, name: string): Promise<string> {
  const kept = await withData(config, async ({ sources }) =>
    (await sources.list()).find((each) => each.name === name),
  );
  // The default source is in the store once it was rotated.
  if (kept) return kept.token;
  if (name === defaultSource) return readPushToken(config);
  throw unknownSource(name);
}

function unknownSource(name: string): AppError {
  return new AppError('source-unknown', `There is no source "${name}".`);
}

/** The push URL of the default source of a server beside this command. */
export function ownPushUrl(config: Config): string {
  return `${config.publicUrl ?? toUrl(config)}/push/${readPushToken(config)}`;
}
