import { createHash } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { defaultArchiverSettings, type ArchiverSettings } from '../../src/archive/archiver-settings.js';
import { attemptDownload } from '../../src/archive/download.js';
import { createHostFilter } from '../../src/domain/host-pattern.js';
import { Crc64 } from '../../src/protocol/crc64.js';
import type { AssetStorage } from '../../src/storage/asset-storage.js';
import { openDiskStorage } from '../../src/storage/disk.js';
import type { ClaimedDownload } from '../../src/store/recordings.js';
import { createLocalPeers } from './local-peers.js';
import { openTestClient, type ClientSetup } from './test-client.js';
import { until } from './until.js';

const host = 'bucket.oss-cn-hangzhou.aliyuncs.com';

export const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The headers of the vendor's storage for an object. */
export function objectHeaders(bytes: Uint8Array) {
  return {
    'content-type': 'application/octet-stream',
    'content-length': String(bytes.length),
    'accept-ranges': 'bytes',
    etag: `"${md5(bytes).toString('hex').toUpperCase()}"`,
    'content-md5': md5(bytes).toString('base64'),
    'x-oss-hash-crc64ecma': new Crc64().update(bytes).digest(),
  };
}

export function sendObject(response: ServerResponse, bytes: Uint8Array, more: Record<string, string> = {}) {
  response.writeHead(200, { ...objectHeaders(bytes), ...more }).end(bytes);
}

interface Attempted {
  readonly claim?: Partial<ClaimedDownload>;
  readonly settings?: Partial<ArchiverSettings>;
  readonly signal?: AbortSignal;
  /** Of the resolver and the guard, where they differ from those that lead to 127.0.0.1. */
  readonly client?: ClientSetup;
}

/** A real storage (a folder unless one is given), real servers and a real client: all that one attempt at a download needs. */
export async function openDownloadBench(given?: AssetStorage) {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-download-'));
  const storage = given ?? (await openDiskStorage({ root: folder }));
  const peers = createLocalPeers();

  let writtenBytes = 0;
  const openDraft: AssetStorage['openDraft'] = async (id) => {
    const draft = await storage.openDraft(id);
    const write = draft.write.bind(draft);
    draft.write = async (chunk) => {
      await write(chunk);
      writtenBytes += chunk.length;
    };
    return draft;
  };

  const attempt = async (port: number, { claim, settings, signal, client: setup }: Attempted = {}) => {
    const { client } = openTestClient({ hosts: { [host]: ['127.0.0.1'] }, ...setup });
    const claimed: ClaimedDownload = {
      ...{ id: 'r1', generation: 1, until: Infinity, callId: '1001^2002', forced: false },
      ...{ attempts: 0, lateAttempts: 0 },
      ...{ link: `http://${host}:${port}/1^2_record.wav?Signature=geheim%2b`, host, path: '/1^2_record.wav' },
      source: 'default',
      ...{ deadlineAt: Infinity, firstReceivedAt: 0, callStartAt: Date.parse('2025-05-22T04:29:20Z') },
      ...claim,
    };
    const finished = await attemptDownload(claimed, signal ?? new AbortController().signal, {
      storage: { openDraft, draftRoom: () => storage.draftRoom() },
      client,
      allowsHost: createHostFilter(['*.aliyuncs.com']),
      hostsOf: (source) => createHostFilter(source === 'narrow' ? ['bucket.*'] : ['*']),
      dayOf: () => ({ recordingBytes: 0, recordingBytesPerDay: undefined }),
      onBytes: () => undefined,
      clock: () => performance.now(),
      stopwatch: () => performance.now(),
      settings: { ...defaultArchiverSettings, ...settings },
    });
    client.close();
    expect(finished.bug).toBeUndefined();
    expect(JSON.stringify(finished)).not.toContain('geheim');
    return finished;
  };

  return {
    folder,
    storage,
    peers,
    attempt,
    /** A server that gives its answers in turn, the last one for ever. */
    serve: (...answers: RequestListener[]) => {
      let asked = 0;
      return peers.serve((request, response) =>
        answers[Math.min(asked++, answers.length - 1)]!(request, response),
      );
    },
    failureOf: async (port: number, more?: Attempted) => {
      const { result } = await attempt(port, more);
      return result.kind === 'failed' ? result.failure : result;
    },
    draftFiles: () => readdir(join(folder, '.drafts')),
    /** Sends these bytes, and cuts the connection once the draft has been given some of them. */
    cutOff: async (response: ServerResponse, bytes: Uint8Array) => {
      const before = writtenBytes;
      response.write(bytes);
      await until(() => writtenBytes > before, { what: 'bytes that a draft was given' });
      response.socket?.destroy();
    },
    close: async () => {
      await peers.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
