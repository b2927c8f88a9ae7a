import type { Clock } from '../domain/clock.js';
import type { GuardedClient, OutboundResponse } from '../net/guarded-fetch.js';
import type { HostFilter } from '../domain/host-pattern.js';
import { waitsUntil } from '../domain/source-limit.js';
import type { AssetDraft, BeginningMark } from '../storage/asset-storage.js';
import { decodeWords } from '../protocol/answer-words.js';
import { spellingsOf } from '../protocol/link-spelling.js';
import type { ClaimedDownload } from '../store/recordings.js';
import type { ArchiverSettings } from './archiver-settings.js';
import { RunningDigests, readExpectedContent, type ExpectedContent } from './checksums.js';
import { classifyAnswer, DownloadFailure } from './classify-failure.js';
import { HeadCollector, codingOf } from './whole-bytes.js';

export interface TransferDeps {
  readonly client: Pick<GuardedClient, 'request'>;
  readonly allowsHost: HostFilter;
  /** What the links of a source may lead to, besides. */
  readonly hostsOf: (source: string) => HostFilter;
  /** What downloads of a source have brought today, and may. */
  readonly dayOf: (source: string) => {
    readonly recordingBytes: number;
    readonly recordingBytesPerDay: number | undefined;
  };
  readonly clock: Clock;
  /** Of durations: one that nobody sets. */
  readonly stopwatch: Clock;
  readonly settings: ArchiverSettings;
}

/** What asking told, for the attempt's record. */
export interface TransferProgress {
  status?: number;
  address?: string | undefined;
  headMs?: number;
  resumedFrom?: number;
  saidAt?: number;
}

const errorBodyBytes = 16 * 1024;

/** An answer that holds the recording, or the rest of it, and what is known of the bytes before it. */
export interface Transfer {
  readonly response: OutboundResponse;
  readonly expected: ExpectedContent;
  readonly digests: RunningDigests;
  readonly head: HeadCollector;
  /** `Content-Encoding`, where the object has one: what arrives is what the storage keeps, and its digests are of that. */
  readonly coding?: string;
}

interface Beginning {
  readonly bytes: number;
  readonly mark: BeginningMark;
}

/** Asks for the rest where bytes were kept, and for all where there are none or the storage cannot continue. */
export async function openTransfer(
  claimed: ClaimedDownload,
  draft: AssetDraft,
  signal: AbortSignal,
  progress: TransferProgress,
  deps: TransferDeps,
): Promise<Transfer> {
  const { bytes, mark } = draft.kept;
  // What is kept whole is committed, not asked for: only what is damaged of it comes here.
  if (mark?.isWhole) await draft.restart();
  else if (mark) {
    const beginning = { bytes, mark };
    const response = await ask(claimed, beginning, signal, progress, deps);
    const continued =
      response.status === 206 ? await continueFrom(response, beginning, draft, progress) : undefined;
    if (continued) return continued;
    if (response.status === 200) {
      await draft.restart();
      return startOver(response);
    }
    // 206 that does not fit what was kept, or 416: the object is another one now.
    if (response.status !== 206 && response.status !== 416) throw await refusal(response, deps);
    response.discard();
    await draft.restart();
  }
  const response = await ask(claimed, undefined, signal, progress, deps);
  if (response.status !== 200) throw await refusal(response, deps);
  return startOver(response);
}

async function ask(
  claimed: ClaimedDownload,
  kept: Beginning | undefined,
  signal: AbortSignal,
  progress: TransferProgress,
  deps: TransferDeps,
): Promise<OutboundResponse> {
  const { headTimeoutMs, idleTimeoutMs, totalTimeoutMs } = deps.settings;
  const url = spelling(claimed);
  if (!isOfSource(url, claimed.source, deps))
    throw new DownloadFailure({ outcome: 'refuse', reason: 'host-not-of-source' });
  const { deadlineAt, source } = claimed;
  const until = waitsUntil({ deadlineAt, now: deps.clock(), ...deps.dayOf(source) });
  if (until !== undefined)
    throw new DownloadFailure({ outcome: 'retry', reason: 'source-over-limit', waitsUntil: until });
  const askedAt = deps.stopwatch();
  const response = await deps.client.request({
    url,
    headers: {
      // Transfer encodings would change the bytes that the checksums speak of.
      'accept-encoding': 'identity',
      ...(kept ? { range: `bytes=${kept.bytes}-`, 'if-range': kept.mark.etag } : {}),
    },
    allowsHost: deps.allowsHost,
    signal,
    ...{ headTimeoutMs, idleTimeoutMs, totalTimeoutMs },
  });
  progress.headMs = deps.stopwatch() - askedAt;
  const saidAt = Date.parse(response.headers.date ?? '');
  if (!Number.isNaN(saidAt)) progress.saidAt = saidAt;
  progress.status = response.status;
  progress.address = response.address;
  return response;
}

/** Of a host that no source may name, the client says so itself. */
function isOfSource(url: string, source: string, { allowsHost, hostsOf }: TransferDeps): boolean {
  if (!URL.canParse(url)) return true;
  const { hostname, port, protocol } = new URL(url);
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  return !allowsHost(hostname, number) || hostsOf(source)(hostname, number);
}

/** A link that came odd may be asked for in several ways: in turn, one in each attempt. */
function spelling({ link, attempts }: ClaimedDownload): string {
  const ways = spellingsOf(link);
  return ways[attempts % ways.length] ?? link;
}

function startOver(response: OutboundResponse): Transfer {
  const length = response.headers['content-length'];
  const expected = readExpectedContent(response.headers, length === undefined ? undefined : Number(length));
  const digests = new RunningDigests(expected);
  return { response, expected, digests, head: new HeadCollector(), ...readCoding(response) };
}

/** Undefined when the part does not continue what was kept, or what was kept is damaged. */
async function continueFrom(
  response: OutboundResponse,
  { bytes, mark }: Beginning,
  draft: AssetDraft,
  progress: TransferProgress,
): Promise<Transfer | undefined> {
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers['content-range'] ?? '');
  if (!range) return undefined;
  const [first, last, total] = [Number(range[1]), Number(range[2]), Number(range[3])];
  const isSameObject = response.headers.etag === undefined || response.headers.etag === mark.etag;
  if (first !== bytes || last !== total - 1 || !isSameObject) return undefined;

  const expected = { etag: mark.etag, ...readExpectedContent(response.headers, total) };
  const digests = new RunningDigests(expected);
  const head = new HeadCollector();
  for await (const chunk of draft.readKept()) {
    digests.update(chunk);
    head.add(chunk);
  }
  if (digests.sha256() !== mark.sha256) return undefined;
  progress.resumedFrom = bytes;
  return { response, expected, digests, head, ...codingOf(mark), ...readCoding(response) };
}

function readCoding({ headers }: OutboundResponse): Pick<Transfer, 'coding'> {
  const coding = headers['content-encoding'];
  return coding === undefined || coding === '' ? {} : { coding };
}

async function refusal(response: OutboundResponse, deps: TransferDeps): Promise<DownloadFailure> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= errorBodyBytes) break;
    }
  } catch {
    // The status says enough when its explanation does not arrive.
  }
  const text = decodeWords(Buffer.concat(chunks).subarray(0, errorBodyBytes));
  const retryAfter = response.headers['retry-after'];
  return new DownloadFailure(
    classifyAnswer({
      status: response.status,
      text,
      now: deps.clock(),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    }),
  );
}
