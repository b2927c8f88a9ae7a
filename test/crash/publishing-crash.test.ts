import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import type { PublishedRecording } from '../../src/contract/publishing.js';
import { readFeed, readRecordings, untilSettled } from '../support/api-reader.js';
import { makeWav } from '../support/audio-samples.js';
import { apiKey, openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

/** More with CRASH_ROUNDS in the environment. */
const rounds = Number(process.env['CRASH_ROUNDS'] ?? 3);
const uploadsAtOnce = 8;

let processes: ServerProcesses;
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(async () => {
  await processes.close();
});

const headers = { authorization: `Bearer ${apiKey}` };

async function publish(url: string, callId: string, seconds: number): Promise<PublishedRecording> {
  const body = new FormData();
  body.append('audio', new Blob([makeWav({ seconds })]), 'call.wav');
  body.append('message', JSON.stringify({ callId }));
  const response = await fetch(`${url}/api/v1/recordings`, { method: 'POST', headers, body });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as PublishedRecording;
}

/** Uploads until the server is gone; notes what was answered, and what was begun. */
async function publishUntilGone(url: string, prefix: string) {
  const answered = new Map<string, PublishedRecording>();
  const begun: string[] = [];
  const one = async (lane: number): Promise<void> => {
    for (let number = 0; ; number++) {
      const callId = `${prefix}-${lane}-${number}`;
      begun.push(callId);
      try {
        answered.set(callId, await publish(url, callId, 1 + (number % 5)));
      } catch {
        return;
      }
    }
  };
  const lanes = Promise.all(Array.from({ length: uploadsAtOnce }, (_, lane) => one(lane)));
  return { answered, begun, lanes };
}

describe('A server that is killed while recordings are published', () => {
  it('has every recording that it answered for, whole, once; and the others when they are sent again', async () => {
    const random = seededRandom(17);
    const answered = new Map<string, PublishedRecording>();
    const open: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const server = processes.spawn();
      const load = await publishUntilGone(await server.url, `r${round}`);
      const enough = 5 + Math.floor(random() * 60);
      await until(() => load.answered.size >= enough, { what: 'some are published', everyMs: 2 });
      await server.kill();
      await load.lanes;
      for (const [callId, one] of load.answered) answered.set(callId, one);
      open.push(...load.begun.filter((callId) => !load.answered.has(callId)));
    }

    const server = processes.spawn();
    const url = await server.url;
    await untilSettled(url);
    const found = new Map((await readRecordings(url)).map((recording) => [recording.callId, recording]));
    for (const [callId, { recordingId }] of answered) {
      expect(found.get(callId)).toMatchObject({ id: recordingId, state: 'archived' });
    }
    // Whoever got no answer sends again: it is there once, whichever of the two it was.
    for (const callId of open) {
      const seconds = 1 + (Number(callId.split('-')[2]) % 5);
      const { recordingId, duplicate } = await publish(url, callId, seconds);
      expect(duplicate === true).toBe(found.has(callId));
      if (duplicate) expect(found.get(callId)?.id).toBe(recordingId);
    }
    const recordings = await readRecordings(url);
    expect(recordings.length).toBe(answered.size + open.length);
    expect(recordings.every(({ state }) => state === 'archived')).toBe(true);
    expect((await readFeed(url)).length).toBe(recordings.length);
    const verified = await processes.run('verify', '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject({
      ok: true,
      assets: recordings.length,
      differences: [],
    });
  }, 240_000);
});
