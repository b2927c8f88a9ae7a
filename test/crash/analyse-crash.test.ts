import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyseAudio } from '../../src/analyse/analyse-audio.js';
import type { PublishedRecording } from '../../src/contract/publishing.js';
import type { Waveform } from '../../src/contract/waveforms.js';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import { readStatus } from '../support/api-reader.js';
import { apiKey } from '../support/server-process.js';
import { encodeWav, inPieces, makeConversation, makeSound } from '../support/sound.js';
import { until } from '../support/until.js';
import type { CrashSite } from './crash-site.js';
import { countRounds, crashSeed, openCrashSite, storesToTry } from './open-crash-site.js';

const rounds = countRounds(1, 2);
const headers = { authorization: `Bearer ${apiKey}` };

const tenSeconds = readFileSync(new URL('../samples/conversation-stereo.mp3', import.meta.url));
/** Five minutes, that take more than a tenth of a second to decode: time enough to be killed in. */
const long = {
  container: 'mp3',
  channels: 2,
  audio: Buffer.concat(Array.from({ length: 30 }, () => tenSeconds)),
};
const kinds = [
  long,
  { container: 'wav', audio: makeConversation({ codec: 'alaw' }) },
  long,
  {
    container: 'wav',
    audio: encodeWav([makeSound([{ seconds: 1 }, { seconds: 2, tone: 0.5 }])], { bits: 24 }),
  },
];
const recordings = 12;

async function publish(url: string, callId: string, audio: Uint8Array): Promise<string> {
  const body = new FormData();
  body.append('audio', new Blob([Uint8Array.from(audio)]), 'call');
  body.append('message', JSON.stringify({ callId }));
  const response = await fetch(`${url}/api/v1/recordings`, { method: 'POST', headers, body });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as PublishedRecording).recordingId;
}

const analyserOf = async (url: string) =>
  (await readStatus(url)).consumers.find(({ name }) => name === 'analyser');

describe.each(storesToTry)('A server on the store %s that is killed while it draws waveforms', (kind) => {
  let site: CrashSite;
  beforeEach(async () => {
    site = await openCrashSite(kind);
  });
  afterEach(() => site.close());

  const startAll = async (): Promise<string> =>
    (await Promise.all(site.places.map((place) => site.start(place).url)))[0] ?? '';

  it(
    'has drawn all of them in the end, as if nothing had been',
    async () => {
      const random = seededRandom(23, crashSeed);
      const audioOf = new Map<string, (typeof kinds)[number]>();
      let url = await startAll();
      for (let number = 0; number < recordings; number++) {
        const form = kinds[number % kinds.length]!;
        audioOf.set(await publish(url, `call-${number}`, form.audio), form);
      }
      for (let round = 0; round < rounds; round++) {
        const before = (await analyserOf(url))?.cursor ?? 0;
        await until(
          async () => {
            const now = await analyserOf(url);
            return now && (now.cursor > before || now.lag === 0);
          },
          { what: 'the analyser goes on', everyMs: 5 },
        );
        await site.strike(random);
        url = await startAll();
      }
      await until(async () => (await analyserOf(url))?.lag === 0, {
        what: 'every waveform is made',
      });
      for (const [id, { audio, ...form }] of audioOf) {
        const response = await fetch(`${url}/api/v1/recordings/${id}/waveform`, { headers });
        expect(response.status).toBe(200);
        const { seconds, channels } = (await response.json()) as Waveform;
        const open = () => Promise.resolve(inPieces(audio, [65_536]));
        const expected = await analyseAudio({ ...form, bytes: audio.length }, open, {});
        expect(seconds).toBe(expected.seconds);
        expect(channels.map(({ speech }) => speech)).toEqual(expected.channels.map(({ speech }) => speech));
        expect(channels.map(({ peaks }) => [...Buffer.from(peaks, 'base64')])).toEqual(
          expected.channels.map(({ peaks }) => [...peaks]),
        );
      }
      expect(site.deaths).toEqual([]);
    },
    180_000 + rounds * 60_000,
  );
});
