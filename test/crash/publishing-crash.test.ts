import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import type { PublishedRecording } from '../../src/contract/publishing.js';
import { readFeed, readRecordings, untilSettled } from '../support/api-reader.js';
import { makeWav } from '../support/audio-samples.js';
import { apiKey } from '../support/server-process.js';
import { until } from '../support/until.js';
import type { CrashSite } from './crash-site.js';
import { countRounds, crashSeed, openCrashSite, storesToTry } from './open-crash-site.js';

/** More with CRASH_ROUNDS in the environment. */
const rounds = countRounds(1, 3);
const uploadsAtOnce = 8;

const headers = { authorization: `Bearer ${apiKey}` };

async function publish(url: string, callId: string, seconds: number): Promise<PublishedRecording> {
  const body = new FormData();
  body.append('audio', new Blob([makeWav({ seconds })]), 'call.wav');
  body.append('message', JSON.stringify({ callId }));
  const response = await fetch(`${url}/api/v1/recordings`, { method: 'POST', headers, body });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as PublishedRecording;
}

/** Uploads until something is gone; notes what was answered, and what was begun. */
async function publishUntilGone(url: string, prefix: string) {
  const answered = new Map<string, PublishedRecording>();
  const begun: string[] = [];
  let isOver = false;
  const one = async (lane: number): Promise<void> => {
    for (let number = 0; !isOver; number++) {
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
  const end = (): void => {
    isOver = true;
  };
  return { answered, begun, lanes, end };
}

describe.each(storesToTry)(
  'A server on the store %s that is killed while recordings are published',
  (kind) => {
    let site: CrashSite;
    beforeEach(async () => {
      site = await openCrashSite(kind);
    });
    afterEach(() => site.close());

    const startAll = async (): Promise<string> =>
      (await Promise.all(site.places.map((place) => site.start(place).url)))[0] ?? '';

    it(
      'has every recording that it answered for, whole, once; and the others when they are sent again',
      async () => {
        const random = seededRandom(17, crashSeed);
        const answered = new Map<string, PublishedRecording>();
        const open: string[] = [];
        for (let round = 0; round < rounds; round++) {
          const url = await startAll();
          await untilSettled(url);
          const load = await publishUntilGone(url, `r${round}`);
          const enough = 5 + Math.floor(random() * 60);
          await until(() => load.answered.size >= enough, { what: 'some are published', everyMs: 2 });
          await site.strike(random);
          load.end();
          await load.lanes;
          for (const [callId, one] of load.answered) answered.set(callId, one);
          open.push(...load.begun.filter((callId) => !load.answered.has(callId)));
        }

        const url = await startAll();
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
        const verified = await site.run('verify', '--json');
        expect(JSON.parse(verified.stdout)).toMatchObject({
          ok: true,
          assets: recordings.length,
          differences: [],
        });
        expect(site.deaths).toEqual([]);
      },
      120_000 + rounds * 60_000,
    );
  },
);
