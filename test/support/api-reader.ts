import type { Call, CallPage } from '../../src/contract/calls.js';
import type { QuarantineItem, QuarantinePage } from '../../src/contract/quarantine.js';
import type { Recording, RecordingPage } from '../../src/contract/recordings.js';
import type { Status } from '../../src/contract/status.js';
import { memberText, splitArray } from '../../src/protocol/json-text.js';
import { apiKey } from './server-process.js';
import { until } from './until.js';

/** An entry of the feed; `text` is the JSON text of the message, every digit of it. */
export interface FeedEntry {
  readonly seq: number;
  readonly type: string;
  readonly callId: string;
  readonly text: string;
}

const authorization = { authorization: `Bearer ${apiKey}` };
const pageSize = 500;

/** Reads one page of the feed: entries behind `after`, and where the next page begins. */
export async function readFeedPage(
  url: string,
  after: number,
): Promise<{ entries: FeedEntry[]; nextAfter: number }> {
  const text = await ask(url, `/api/v1/messages?after=${after}&limit=${pageSize}`);
  const items = splitArray(memberText(text, 'items') ?? '') ?? [];
  return { entries: items.map(toEntry), nextAfter: Number(memberText(text, 'nextAfter')) };
}

/** The whole feed behind `after`, to its end as it is now. */
export async function readFeed(url: string, after = 0): Promise<FeedEntry[]> {
  const feed: FeedEntry[] = [];
  for (let cursor = after; ;) {
    const { entries, nextAfter } = await readFeedPage(url, cursor);
    if (entries.length === 0) return feed;
    feed.push(...entries);
    cursor = nextAfter;
  }
}

export function readStatus(url: string): Promise<Status> {
  return askJson(url, '/api/v1/status');
}

export function readCalls(url: string): Promise<Call[]> {
  return readList<Call>(url, '/api/v1/calls');
}

export function readRecordings(url: string): Promise<Recording[]> {
  return readList<Recording>(url, '/api/v1/recordings');
}

/** Newest first. */
export function readQuarantine(url: string): Promise<QuarantineItem[]> {
  return readList<QuarantineItem>(url, '/api/v1/quarantine');
}

/** The bytes of one quarantined item. */
export async function readQuarantined(url: string, id: string): Promise<Buffer> {
  const { body } = await askJson<{ body: string }>(url, `/api/v1/quarantine/${id}`);
  return Buffer.from(body, 'base64');
}

/**
 * Waits until everything received is sorted and everything sorted is projected; waveforms may still be made. The
 * threads that do it yield to everybody else: on a machine that is busy with other things, that may take a while.
 */
export async function untilSettled(url: string): Promise<Status> {
  let last: Status | undefined;
  const isSettled = async () => {
    last = await readStatus(url);
    // What is told of a store that is away was true once.
    if (last.store.state === 'unreachable') return false;
    const areUp = last.consumers.every(({ name, lag }) => lag === 0 || name === 'analyser');
    return areUp && last.inbox.pending === 0 && last;
  };
  try {
    return await until(isSettled, { what: 'every push is sorted and projected' });
  } catch (error) {
    throw new Error(`${(error as Error).message}; at the end ${JSON.stringify(last)}`, { cause: error });
  }
}

/** HTTP status of a path that needs no key. */
export async function askStatusOf(url: string, path: string): Promise<number> {
  const response = await fetch(url + path);
  await response.arrayBuffer();
  return response.status;
}

async function readList<Item>(url: string, path: string): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const query = `limit=${pageSize}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await askJson<(CallPage | RecordingPage | QuarantinePage) & { items: unknown[] }>(
      url,
      `${path}?${query}`,
    );
    all.push(...(page.items as Item[]));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}

async function askJson<Answer>(url: string, path: string): Promise<Answer> {
  return JSON.parse(await ask(url, path)) as Answer;
}

async function ask(url: string, path: string): Promise<string> {
  const response = await fetch(url + path, { headers: authorization });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} was answered ${response.status}: ${text}`);
  return text;
}

function toEntry(item: string): FeedEntry {
  return {
    seq: Number(memberText(item, 'seq')),
    type: JSON.parse(memberText(item, 'type') ?? 'null') as string,
    callId: JSON.parse(memberText(item, 'callId') ?? 'null') as string,
    text: memberText(item, 'message') ?? '',
  };
}
