import { createZoneOffsets } from '../protocol/vendor-time.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { ExportOrder, Job, JobProgress } from '../store/jobs.js';
import { countCalls, readCallPages, type CallPagesDeps, type ExportedCall } from './call-pages.js';
import { writeCsv } from './csv-table.js';
import { outOfRoom, type Output, writeText } from './output.js';
import { RecordingManifest } from './recording-manifest.js';
import { measureRecordings, writeRecordingsZip } from './recordings-zip.js';
import type { Spool } from './spool.js';
import { writeXlsx } from './xlsx-table.js';
import { ZipWriter } from './zip/zip-writer.js';

/** How far an export is; read by whoever reports it. */
export class ExportProgress {
  done = 0;
  total: number | undefined;
  #bytes: () => number = () => 0;

  /** Where bytes are counted. */
  countBytesBy(bytes: () => number): void {
    this.#bytes = bytes;
  }

  get now(): JobProgress {
    const { done, total } = this;
    return { done, bytes: this.#bytes(), ...(total === undefined ? {} : { total: Math.max(total, done) }) };
  }

  /** The same pages; their calls count as done once the next page is asked for. */
  async *count(
    pages: AsyncIterable<readonly ExportedCall[]>,
  ): AsyncGenerator<readonly ExportedCall[], void, undefined> {
    for await (const calls of pages) {
      yield calls;
      this.done += calls.length;
    }
  }
}

export interface WriteExportDeps extends CallPagesDeps {
  readonly storage: Pick<AssetStorage, 'read' | 'draftRoom'>;
  readonly toJson: ToJson;
  /** Of dates in workbooks. */
  readonly timeZone: string;
}

/** What is gathered beside the file of an export. */
export const spoolNames = ['directory', 'manifest', 'sums'] as const;
export type SpoolName = (typeof spoolNames)[number];

interface ExportTarget {
  readonly output: Output;
  readonly openSpool: (name: SpoolName) => Promise<Spool>;
  readonly progress: ExportProgress;
  readonly signal: AbortSignal;
}

/** Writes what was asked for. Rejects with what `toReason` explains, and with errors of the store. */
export async function writeExport(job: Job, deps: WriteExportDeps, target: ExportTarget): Promise<void> {
  const order = JSON.parse(job.request) as ExportOrder;
  const { progress, signal, output } = target;
  const readPages = () => readCallPages(deps, order.selection, signal);
  if (job.format === 'zip') {
    await writeRecordings(job, readPages, deps, target);
    return;
  }
  progress.total = await countCalls(deps, order.selection, signal);
  const pages = progress.count(readPages());
  switch (job.format) {
    case 'csv':
      await writeCsv(pages, order.columns, order.language, output);
      return;
    case 'jsonl':
      await writeJsonLines(pages, deps.toJson, output);
      return;
    case 'xlsx': {
      const { timeZone } = deps;
      const zip = new ZipWriter(output, await target.openSpool('directory'));
      const how = { ...order, timeZone, offsetAt: createZoneOffsets(timeZone), madeAt: job.createdAt };
      await writeXlsx(pages, how, zip);
      await zip.end();
    }
  }
}

/** Looks first at how much it will be: the way through the calls costs little beside that through their audio. */
async function writeRecordings(
  job: Job,
  readPages: () => ReturnType<typeof readCallPages>,
  { storage }: WriteExportDeps,
  { output, openSpool, progress, signal }: ExportTarget,
): Promise<void> {
  const { recordings, bytes } = await measureRecordings(readPages());
  if (bytes > (await storage.draftRoom())) throw outOfRoom(bytes);
  progress.total = recordings;
  const zip = new ZipWriter(output, await openSpool('directory'));
  const manifest = await RecordingManifest.begin(await openSpool('manifest'), await openSpool('sums'));
  const onRecording = (): void => {
    progress.done++;
  };
  const madeAt = job.createdAt;
  await writeRecordingsZip(readPages(), { storage, zip, manifest, madeAt, signal, onRecording });
  await zip.end();
}

/** A call as the API gives it. */
type ToJson = (call: ExportedCall) => object;

/** One call in each line. */
async function writeJsonLines(
  pages: AsyncIterable<readonly ExportedCall[]>,
  toJson: ToJson,
  output: Output,
): Promise<void> {
  await writeText(output, toTexts());

  async function* toTexts(): AsyncGenerator<string, void, undefined> {
    for await (const calls of pages) yield calls.map((call) => `${JSON.stringify(toJson(call))}\n`).join('');
  }
}
