import { Readable } from 'node:stream';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeWav, makeSound } from '../../test/support/sound.js';
import { StorageError } from '../storage/asset-storage.js';
import type { Entry, EntryType } from '../store/journal.js';
import type { KeptWaveform } from '../store/waveforms.js';
import { Analyser, type AnalyserDeps } from './analyser.js';

const wav = encodeWav([makeSound([{ seconds: 0.5, tone: 0.5 }])]);

/** A journal, a storage and a store of waveforms, all in memory, and what can go wrong with them. */
class Bench {
  readonly entries: Entry[] = [];
  readonly files = new Map<string, Buffer>();
  readonly kept = new Map<string, KeptWaveform>();
  readonly stopping = new AbortController();
  cursor = 0;
  keeps = 0;
  reads: string[] = [];
  /** Thrown instead of bytes, or of the rest of them. */
  failing: (fileName: string) => Error | undefined = () => undefined;
  breaksInside = false;
  isAway = false;

  readonly deps: AnalyserDeps = {
    journal: {
      read: (after: number, limit: number, types: readonly EntryType[] = []) =>
        Promise.resolve(
          this.entries.filter(({ seq, type }) => seq > after && types.includes(type)).slice(0, limit),
        ),
      lastSeq: () => Promise.resolve(this.entries.length),
    },
    waveforms: { cursor: () => Promise.resolve(this.cursor) },
    waveformsWriter: {
      keep: (waveforms, cursor) => {
        for (const one of waveforms) this.kept.set(one.recordingId, one);
        this.cursor = Math.max(this.cursor, cursor);
        this.keeps++;
        return Promise.resolve();
      },
    },
    assets: {
      read: (fileName) => this.#read(fileName),
    },
    tools: {},
    log: pino({ level: 'silent' }),
    signal: this.stopping.signal,
  };

  message(): void {
    this.#append('AlicomAgentCallRecord', {});
  }

  archive(recordingId: string, bytes: Buffer = wav, form: object = { container: 'wav', codec: 'pcm' }): void {
    const fileName = `2025-05-22/${recordingId}`;
    this.files.set(fileName, bytes);
    this.#append('recording.archived', { recordingId, fileName, bytes: bytes.length, ...form });
  }

  delete(recordingId: string): void {
    this.files.delete(`2025-05-22/${recordingId}`);
  }

  #append(type: EntryType, body: object): void {
    const seq = this.entries.length + 1;
    this.entries.push({ seq, type, callId: 'c', receivedAt: 0, source: 's', text: JSON.stringify(body) });
  }

  async #read(fileName: string): Promise<Readable> {
    this.reads.push(fileName);
    const bytes = this.files.get(fileName);
    const error = this.isAway ? away() : this.failing(fileName);
    if (error && !this.breaksInside) throw error;
    if (!bytes) throw new StorageError('asset-missing', 'the asset is not there');
    const pieces = async function* (): AsyncGenerator<Buffer> {
      yield bytes.subarray(0, 1_000);
      if (error) throw error;
      yield bytes.subarray(1_000);
    };
    return Readable.from(pieces());
  }
}

function away(): StorageError {
  return new StorageError('io-failed', 'reading an asset: ECONNREFUSED');
}

let bench: Bench;
let analyser: Analyser;
beforeEach(() => {
  bench = new Bench();
  analyser = new Analyser(bench.deps);
});

async function analyseAll(): Promise<void> {
  while (await analyser.step());
}

const reasonOf = (recordingId: string): unknown => {
  const one = bench.kept.get(recordingId);
  return one && ('reason' in one ? one.reason : 'drawn');
};

describe('the analyser', () => {
  it('draws every recording that was archived, and moves its cursor past everything else', async () => {
    for (let number = 0; number < 20; number++) {
      bench.message();
      bench.archive(`r${number}`);
    }
    bench.message();
    await analyseAll();
    expect([...bench.kept.keys()]).toEqual(Array.from({ length: 20 }, (_, number) => `r${number}`));
    expect(bench.kept.get('r7')).toMatchObject({
      waveform: { seconds: 0.5, channels: [{ speech: [[0, 0.5]] }] },
    });
    expect(bench.cursor).toBe(41);
    expect(bench.keeps).toBe(3);
  });

  it('writes nothing while the journal does not grow', async () => {
    bench.archive('r1');
    await analyseAll();
    await analyser.step();
    await analyser.step();
    expect(bench.keeps).toBe(1);
    bench.message();
    await analyser.step();
    expect(bench.cursor).toBe(2);
  });

  it('goes on where the one before it was, and draws again what was archived again', async () => {
    bench.archive('r1');
    await analyseAll();
    bench.archive('r1', encodeWav([makeSound([{ seconds: 2 }])]));
    analyser = new Analyser(bench.deps);
    await analyseAll();
    expect(bench.reads).toHaveLength(2);
    expect(bench.kept.get('r1')).toMatchObject({ waveform: { seconds: 2 } });
  });

  it('keeps why a recording has none, and goes on', async () => {
    bench.archive('ogg', Buffer.from('OggS'), { container: 'ogg' });
    bench.archive('cut', Buffer.alloc(0), { container: 'mp3', codec: 'mp3' });
    bench.archive('fine');
    await analyseAll();
    expect(['ogg', 'cut', 'fine'].map(reasonOf)).toEqual(['unsupported', 'broken', 'drawn']);
  });

  it('passes a recording by that was deleted', async () => {
    bench.archive('gone');
    bench.delete('gone');
    bench.archive('fine');
    await analyseAll();
    expect([...bench.kept.keys()]).toEqual(['fine']);
    expect(bench.cursor).toBe(2);
  });

  it.each([{ breaksInside: false }, { breaksInside: true }])(
    'waits for a storage that is away, and keeps what it had drawn before ($breaksInside)',
    async ({ breaksInside }) => {
      bench.archive('first');
      bench.archive('second');
      bench.archive('third', Buffer.from('OggS'), { container: 'ogg' });
      bench.breaksInside = breaksInside;
      bench.failing = (fileName) => (fileName.endsWith('first') && bench.cursor === 0 ? undefined : away());
      for (let round = 0; round < 20; round++) await expect(analyser.step()).rejects.toThrow('ECONNREFUSED');
      expect([...bench.kept.keys()]).toEqual(['first']);
      expect(bench.cursor).toBe(1);
      bench.failing = () => undefined;
      await analyseAll();
      expect(['first', 'second', 'third'].map(reasonOf)).toEqual(['drawn', 'drawn', 'unsupported']);
    },
  );

  it('gives up on a file that cannot be read while another can', async () => {
    bench.archive('unreadable');
    bench.archive('too');
    bench.archive('gone');
    bench.delete('gone');
    bench.breaksInside = true;
    bench.failing = (fileName) => (/unreadable|too/.test(fileName) ? new Error('EIO') : undefined);
    for (let round = 0; round < 20; round++) await expect(analyser.step()).rejects.toThrow('EIO');
    expect(bench.kept.size).toBe(0);
    bench.archive('fine');
    for (let round = 0; round < 8; round++) await expect(analyser.step()).rejects.toThrow('EIO');
    await analyseAll();
    expect(['unreadable', 'too', 'fine'].map(reasonOf)).toEqual(['broken', 'broken', 'drawn']);
  });

  it('stops in the middle of a file, and begins it anew', async () => {
    bench.archive('first');
    bench.archive('second');
    bench.failing = (fileName) => {
      if (fileName.endsWith('second')) bench.stopping.abort();
      return undefined;
    };
    await expect(analyser.step()).rejects.toThrow();
    expect([...bench.kept.keys()]).toEqual(['first']);
    expect(bench.cursor).toBe(1);
  });

  it('asks where it stands once more after a failure, for another may have gone on', async () => {
    bench.archive('r1');
    bench.isAway = true;
    await expect(analyser.step()).rejects.toThrow();
    bench.cursor = 1;
    bench.isAway = false;
    await analyseAll();
    expect(bench.kept.size).toBe(0);
  });
});
