import { DatabaseSync } from '@photostructure/sqlite';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeLink, makeMessage, recordOf } from '../../../test/support/make-message.js';
import { makeTemporaryFolder } from '../../../test/support/temporary-folder.js';
import { toChange } from '../../project/to-change.js';
import { createVendorTime } from '../../protocol/vendor-time.js';
import { readConfig } from '../../settings/config.js';
import { openEmbeddedData, type OpenData } from '../open-data.js';
import { examine, remedyForObjects } from './doctor.js';
import { checkQuarantine } from './doctor-database.js';
import { checkFfmpeg, checkStorageClock, remedyForFolder } from './doctor-machine.js';

const now = Date.UTC(2026, 10, 22);
const hour = 3_600_000;

async function withData(prepare: (data: OpenData) => Promise<void> = () => Promise.resolve()) {
  const dataDir = join(makeTemporaryFolder(), 'data');
  mkdirSync(dataDir);
  const data = openEmbeddedData(dataDir, { mayCreate: true });
  await prepare(data);
  await data.close();
  return dataDir;
}

async function diagnose(dataDir: string, at = now) {
  const config = readConfig({ dataDir }, {}, makeTemporaryFolder());
  const findings = await examine(config, at);
  return new Map(findings.map((finding) => [finding.name, finding]));
}

/** Recordings whose links die so many hours from now. */
async function record(data: OpenData, ...hours: number[]): Promise<void> {
  const messages = hours.map((each, index) =>
    makeMessage(
      recordOf(`${index}`, { recordFile: makeLink(`${index}.wav`, now + each * hour, 'SECRET') }),
      now,
    ),
  );
  await data.journalWriter.append({ messages, quarantined: [] });
  const entries = await data.journal.read(0, 100);
  const toInstant = createVendorTime('Asia/Shanghai');
  await data.projection.apply(
    entries.map((entry) => toChange(entry, toInstant)),
    entries.length,
  );
}

describe('the doctor', () => {
  it('finds nothing wrong with a folder that is well', async () => {
    const findings = await diagnose(await withData());
    for (const name of [
      'data folder',
      'clock',
      'store integrity',
      'links at risk',
      'quarantine',
      'sources',
      'ffmpeg',
    ]) {
      expect(findings.get(name)).toMatchObject({ ok: true });
    }
  });

  it('says what waits in quarantine, and warns of much', async () => {
    const dataDir = await withData(async (data) => {
      const quarantined = Array.from({ length: 1_200 }, (_, itemIndex) => ({
        ...{ pushId: 1, itemIndex, receivedAt: now, source: 'branch', reason: 'no-call-id' },
        body: Buffer.from('{}'),
      }));
      await data.journalWriter.append({ messages: [], quarantined: quarantined.slice(0, 3) });
      expect(await checkQuarantine(data)).toMatchObject({
        ok: true,
        detail: '3 items wait for a look: 3 no-call-id of branch',
      });
      await data.journalWriter.append({ messages: [], quarantined });
    });
    expect((await diagnose(dataDir)).get('quarantine')).toMatchObject({
      ok: false,
      detail: '1200 items wait for a look: 1200 no-call-id of branch',
      remedy: expect.stringContaining('earshot quarantine list') as string,
    });
  });

  it('says whether ffmpeg is there, and does not ask for it', () => {
    const here = checkFfmpeg('/usr/bin/ffmpeg');
    expect(here).toMatchObject({ ok: true, detail: expect.stringContaining('/usr/bin/ffmpeg') as string });
    expect(checkFfmpeg(undefined)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('not on the path') as string,
    });
  });

  it('names the command that makes a folder which is not there', async () => {
    const dataDir = join(makeTemporaryFolder(), 'none');
    expect((await diagnose(dataDir)).get('data folder')).toMatchObject({
      ok: false,
      remedy: `mkdir -p '${dataDir}'`,
    });
  });

  it('says of a folder that takes no names what stands there, without looking for ever', async () => {
    expect((await diagnose('/proc/earshot')).get('data folder')).toMatchObject({ ok: false });
    const file = join(makeTemporaryFolder(), 'file');
    writeFileSync(file, '');
    expect((await diagnose(join(file, 'data'))).get('data folder')?.remedy).toMatch(/^ls -ld .*move it away/);
  });

  it.each([
    ['ENOSPC', /^df -h .*free space/],
    ['EDQUOT', /^df -h/],
    ['EROFS', /read-only/],
    ['EACCES', /^chown/],
    ['EIO', /dmesg/],
  ])('advises on a folder for %s', (code, remedy) => {
    expect(remedyForFolder('/srv/data', code)).toMatch(remedy);
  });

  it.each([
    ['bucket-missing', /^make the bucket/],
    ['keys', /^set EARSHOT_S3_ACCESS_KEY_ID/],
    ['unreachable', /^curl/],
    ['other', /^correct/],
  ] as const)('advises on an object storage by what is wrong: %s', (fault, remedy) => {
    expect(remedyForObjects(fault)).toMatch(remedy);
  });

  it('leaves nothing behind', async () => {
    const dataDir = await withData();
    const before = readdirSync(dataDir);
    await diagnose(dataDir);
    expect(readdirSync(dataDir)).toEqual(before);
  });

  it('says of a folder without data how to begin', async () => {
    expect((await diagnose(makeTemporaryFolder())).get('store')).toMatchObject({
      ok: false,
      remedy: 'npm start',
    });
  });

  it('sees a clock that cannot be right', async () => {
    const findings = await diagnose(await withData(), Date.UTC(1970, 0, 1));
    expect(findings.get('clock')).toMatchObject({ ok: false, remedy: 'timedatectl set-ntp true' });
  });

  it('sees a clock that is not that of the storage', () => {
    expect(checkStorageClock(-4_000)).toMatchObject({ ok: true, detail: 'it is 4 s behind ours' });
    expect(checkStorageClock(8 * 86_400_000)).toMatchObject({ ok: false });
    expect(checkStorageClock(-6_000)).toMatchObject({
      ok: false,
      remedy: expect.stringMatching('ntp') as string,
    });
  });

  it.each(['store.db', 'inbox.db'])(
    'names %s where it is no database any more, and says what to do',
    async (name) => {
      const dataDir = makeTemporaryFolder();
      writeFileSync(join(dataDir, 'store.db'), '');
      writeFileSync(join(dataDir, name), 'x'.repeat(50_000));
      expect((await diagnose(dataDir)).get('store')).toMatchObject({
        ok: false,
        detail: `${join(dataDir, name)}: file is not a database`,
        remedy: expect.stringContaining(name) as string,
      });
    },
  );

  it('finds pages that are damaged in the middle of a store', async () => {
    const whole = await withData((data) => record(data, ...Array<number>(60).fill(100)));
    const dataDir = makeTemporaryFolder();
    const source = new DatabaseSync(join(whole, 'store.db'));
    source.exec(`VACUUM INTO '${join(dataDir, 'store.db')}'`);
    source.close();
    const bytes = readFileSync(join(dataDir, 'store.db'));
    bytes.fill(0xff, bytes.length / 2);
    writeFileSync(join(dataDir, 'store.db'), bytes);
    const bad = [...(await diagnose(dataDir)).values()].filter(({ ok }) => !ok);
    expect(bad.some(({ name }) => name.startsWith('store'))).toBe(true);
    expect(bad.every(({ remedy }) => remedy !== undefined)).toBe(true);
  });

  it('counts the links that die within a day, without showing one', async () => {
    const findings = await diagnose(await withData((data) => record(data, 1, 23, 25, 200)));
    const finding = findings.get('links at risk');
    expect(finding).toMatchObject({ ok: false });
    expect(finding?.detail).toMatch(/^2 pending recordings .*\(r1\) at 2026-11-22T01:00:00/);
    expect(JSON.stringify([...findings])).not.toContain('SECRET');
  });

  it('tells of recordings that wait because they are blocked, and how to allow them', async () => {
    const dataDir = await withData(async (data) => {
      await record(data, 100);
      const [lease] = await data.downloads.claim({ now, leaseMs: 1, limit: 1, perHost: 1, running: {} });
      if (!lease) throw new Error('one is due');
      await data.downloads.settle({
        ...lease,
        verdict: { kind: 'blocked', reason: 'host-not-allowed' },
        now,
      });
    });
    expect((await diagnose(dataDir)).get('blocked recordings')).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('EARSHOT_RECORDING_HOSTS') as string,
    });
  });
});
