import { createClient } from '../../src/contract/client.js';
import { makeAudio, secondsOf } from '../archive/file-server.js';
import type { Bench } from '../bench.js';
import { apiKey } from '../process/earshot-server.js';
import { count, type Figure } from '../report/figure.js';

const fileBytes = 20_000_000;
const atOnce = 8;

/** Recordings of one's own, uploaded through the API: mostly for the memory that they take. */
export async function measurePublishing(bench: Bench): Promise<Figure[]> {
  const { publishedFiles } = bench.scale;
  const seconds = secondsOf(fileBytes);
  const audio = new Blob([makeAudio(seconds)]);
  const tookSeconds = await bench.withEarshot('publish', async ({ port }) => {
    const { recordings } = createClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey });
    let begun = 0;
    const publish = async (): Promise<void> => {
      while (begun < publishedFiles) {
        const callId = `${++begun}^published`;
        await recordings.publish(JSON.stringify({ callId, duration: seconds }), audio);
      }
    };
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: atOnce }, publish));
    return (performance.now() - startedAt) / 1000;
  });
  const rate = (audio.size * publishedFiles) / 1e6 / tookSeconds;
  return [
    {
      name: `publish, ${publishedFiles} files of 20 MB, ${atOnce} at once`,
      measured: `${count(rate)} MB/s`,
      beside: '',
      aims: [],
      numbers: { rate },
    },
  ];
}
