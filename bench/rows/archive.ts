import { request } from 'node:http';
import type { Bench } from '../bench.js';
import { downloadWithCurl } from '../archive/curl.js';
import { secondsOf, type FileServerAnswer } from '../archive/file-server.js';
import { PushTemplate } from '../load/push-template.js';
import { pushPath, type Earshot } from '../process/earshot-server.js';
import { runInChild, startChild } from '../process/start-child.js';
import { atLeast, count, median, times, type Figure } from '../report/figure.js';

const smallBytes = 250_000;
const largeBytes = 20_000_000;
const shard = 6;
const archiveTimeoutMs = 300_000;

/** Recordings from a storage on this machine to the disk, each verified, hashed and fsynced, beside curl. */
export async function measureArchive(bench: Bench): Promise<Figure[]> {
  const { smallFiles, largeFiles } = bench.scale;
  const small = await measure(bench, smallBytes, smallFiles);
  const large = await measure(bench, largeBytes, largeFiles);
  const largeMb = (large.fileBytes * largeFiles) / 1e6;
  return [
    toFigure(`archive, ${smallFiles} files of 250 KB`, 'files/s', smallFiles, small),
    toFigure(`archive, ${largeFiles} files of 20 MB`, 'MB/s', largeMb, large),
  ];
}

interface Taken {
  readonly fileBytes: number;
  readonly earshotSeconds: number;
  readonly curlSeconds: number;
  /** curl, and then the checks that it leaves undone. */
  readonly checkedSeconds: number;
}

async function measure(bench: Bench, fileBytes: number, files: number): Promise<Taken> {
  const storage = await startChild('files', { fileBytes });
  const earshot: number[] = [];
  const curl: number[] = [];
  const checked: number[] = [];
  try {
    for (let round = 0; round < bench.scale.archiveRounds; round++) {
      earshot.push(
        await bench.withEarshot('archive', (server) => archive(server, storage.answer, fileBytes, files)),
      );
      const folder = bench.scratch.create('curl');
      curl.push(await downloadWithCurl(urlsOf(storage.answer, files), folder));
      const { seconds: checkSeconds } = await runInChild('check-files', { folder });
      checked.push((curl.at(-1) ?? 0) + checkSeconds);
      bench.scratch.discard(folder);
      bench.say(
        `  ${files} × ${count(fileBytes / 1000)} KB: earshot ${earshot.at(-1)?.toFixed(2)} s, curl ${curl.at(-1)?.toFixed(2)} s, ` +
          `curl and the same checks ${checked.at(-1)?.toFixed(2)} s`,
      );
    }
  } finally {
    await storage.stop();
  }
  return {
    fileBytes: storage.answer.fileBytes,
    earshotSeconds: median(earshot),
    curlSeconds: median(curl),
    checkedSeconds: median(checked),
  };
}

/** One push names all recordings; from the moment the first is known until the last is archived. */
async function archive(
  { port, api }: Earshot,
  { ports }: FileServerAnswer,
  fileBytes: number,
  files: number,
): Promise<number> {
  const template = new PushTemplate(
    {
      port,
      path: pushPath,
      recordsPerPush: files,
      shard,
      linkBases: ports.map((storagePort) => `http://127.0.0.1:${storagePort}`),
      callSeconds: Math.min(3_000, secondsOf(fileBytes)),
    },
    Date.now(),
  );
  const bytes = template.createRequest();
  template.fill(bytes, 0);
  await post(port, bytes.subarray(bytes.indexOf('\r\n\r\n') + 4));
  const limits = { timeoutMs: archiveTimeoutMs, what: `${files} recordings archived` };
  await api.waitForStatus(({ recordings }) => recordings.pending + recordings.archived > 0, {
    ...limits,
    everyMs: 2,
  });
  const knownAt = performance.now();
  await api.waitForStatus(({ recordings }) => recordings.archived === files, { ...limits, everyMs: 10 });
  return (performance.now() - knownAt) / 1000;
}

function post(port: number, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const push = request(
      { host: '127.0.0.1', port, path: pushPath, method: 'POST', agent: false },
      (response) => {
        response.resume();
        if (response.statusCode === 200) response.once('end', resolve);
        else reject(new Error(`the push was answered ${response.statusCode}`));
      },
    );
    push.once('error', reject);
    push.end(body);
  });
}

function urlsOf({ ports }: FileServerAnswer, files: number): string[] {
  return Array.from(
    { length: files },
    (_, index) => `http://127.0.0.1:${ports[index % ports.length]}/agent/${index}.wav`,
  );
}

function toFigure(
  name: string,
  unit: string,
  amount: number,
  { earshotSeconds, curlSeconds, checkedSeconds }: Taken,
): Figure {
  const earshot = amount / earshotSeconds;
  const curl = amount / curlSeconds;
  const checked = amount / checkedSeconds;
  return {
    name,
    measured: `${count(earshot)} ${unit}`,
    beside:
      `${times(earshot / curl)} × curl (${count(curl)}), ` +
      `${times(earshot / checked)} × curl and the same checks (${count(checked)})`,
    aims: [atLeast(0.8, 'curl', earshot / curl)],
    numbers: { earshot, curl, checked },
  };
}
