import type { Asset } from '../domain/recording.js';
import type { Recording } from '../store/recordings.js';
import type { AssetTrouble } from './checked-asset.js';
import { byteOrderMark, toCsv } from './csv-table.js';
import type { Spool } from './spool.js';
import type { ZipWriter } from './zip/zip-writer.js';

/** Why a recording is in the list, and not in the ZIP. */
export type Absence = AssetTrouble | 'not-archived';

const columns = ['callId', 'recordingId', 'fileName', 'bytes', 'sha256', 'result', 'reason'];

/**
 * What is in a ZIP of recordings, and what is not: `manifest.csv` has a line for each recording, `SHA256SUMS` one for
 * each file, as `sha256sum -c` reads it.
 */
export class RecordingManifest {
  readonly #lines: Spool;
  readonly #sums: Spool;

  private constructor(lines: Spool, sums: Spool) {
    this.#lines = lines;
    this.#sums = sums;
  }

  static async begin(lines: Spool, sums: Spool): Promise<RecordingManifest> {
    await lines.write(Buffer.from(byteOrderMark + toCsv([columns])));
    return new RecordingManifest(lines, sums);
  }

  async addFile({ callId, id }: Recording, { fileName, bytes, sha256 }: Asset): Promise<void> {
    await this.#addLine([callId, id, fileName, bytes, sha256, 'included', undefined]);
    await this.#sums.write(Buffer.from(`${sha256}  ${fileName}\n`));
  }

  async addAbsent({ callId, id, state, reason, asset }: Recording, absence: Absence): Promise<void> {
    const why =
      absence === 'not-archived' ? `${state}${reason === undefined ? '' : `: ${reason}`}` : undefined;
    await this.#addLine([callId, id, asset?.fileName, asset?.bytes, asset?.sha256, absence, why]);
  }

  /** Behind all files: by then it is known what they are. */
  async writeTo(zip: ZipWriter, modifiedAt: number): Promise<void> {
    for (const [name, { bytes, crc32, read }] of [
      ['manifest.csv', toFile(this.#lines)],
      ['SHA256SUMS', toFile(this.#sums)],
    ] as const)
      await zip.addStored({ name, bytes, crc32, modifiedAt }, read());
  }

  async #addLine(cells: readonly (string | number | undefined)[]): Promise<void> {
    await this.#lines.write(Buffer.from(toCsv([cells])));
  }
}

function toFile(spool: Spool): Pick<Spool, 'bytes' | 'crc32' | 'read'> {
  return { bytes: spool.bytes, crc32: spool.crc32, read: () => spool.read() };
}
