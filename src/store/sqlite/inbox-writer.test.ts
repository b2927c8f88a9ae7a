import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InboxFileReader } from './inbox-reader.js';
import { InboxFileWriter } from './inbox-writer.js';
import { packPushes } from './packed-rows.js';

let folder: string;
let file: string;
let writer: InboxFileWriter;
let reader: InboxFileReader;
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-inbox-'));
  file = join(folder, 'inbox.db');
  now = Date.UTC(2025, 4, 22);
  writer = new InboxFileWriter({ file, idsBeyond: 0 }, () => now);
  writer.open();
  reader = new InboxFileReader(file);
});

afterEach(() => {
  reader.close();
  writer.close();
  rmSync(folder, { recursive: true });
});

function append(body: string): void {
  const push = { receivedAt: now, source: 'default', remoteAddress: '127.0.0.1', body: Buffer.from(body) };
  writer.append(packPushes([push]));
}

async function readAll(after = 0) {
  const pushes = await reader.read(after, 100, Infinity);
  return pushes.map(({ id, body }) => ({ id, body: Buffer.from(body).toString() }));
}

describe('An inbox whose file is moved away while it is in use', () => {
  it('refuses the push that went into the moved file, and takes the next into a new one', async () => {
    append('first');
    renameSync(file, join(folder, 'moved'));
    expect(() => {
      append('lost');
    }).toThrow(`${file} was moved away while it was in use`);
    append('second');
    expect((await readAll()).map(({ body }) => body)).toEqual(['second']);
  });

  it('goes on with larger ids in the new file, even where the clock was set back', async () => {
    append('first');
    const [first] = await readAll();
    now -= 24 * 60 * 60 * 1000;
    for (const name of readdirSync(folder)) renameSync(join(folder, name), join(folder, `moved-${name}`));
    expect(() => {
      append('lost');
    }).toThrow('moved away');
    append('second');
    expect((await readAll(first?.id)).map(({ body }) => body)).toEqual(['second']);
  });

  it('sets the log of the moved file aside, with the pushes that only it holds', () => {
    append('first');
    renameSync(file, join(folder, 'moved'));
    expect(() => {
      append('lost');
    }).toThrow('moved away');
    append('second');
    expect(readdirSync(folder)).toContain(`inbox.db-orphaned-${now}-wal`);
  });
});

it('goes on beyond what is called sorted in an older inbox that was put back', async () => {
  append('sorted long ago');
  const [old] = await readAll();
  writer.close();
  const sortedUpTo = (old?.id ?? 0) + 1_000_000;
  writer = new InboxFileWriter({ file, idsBeyond: sortedUpTo }, () => now);
  append('new');
  expect((await readAll(sortedUpTo)).map(({ body }) => body)).toEqual(['new']);
});
