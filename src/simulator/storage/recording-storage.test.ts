import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { Crc64 } from '../../protocol/crc64.js';
import { makeCall } from '../call.js';
import type { SimulatedCall } from '../call.js';
import type { StorageFault } from '../fault.js';
import type { SimulationEvent } from '../simulation-event.js';
import { completeOptions, linkVersions } from '../simulation-options.js';
import type { SimulationRequest } from '../simulation-options.js';
import { openSimulatedStorage } from './simulated-storage.js';
import type { SimulatedStorage } from './simulated-storage.js';

const seed = 1;
const weekMs = 7 * 24 * 3_600_000;
let now = Date.UTC(2026, 10, 22, 12);
let storage: SimulatedStorage | undefined;
let events: SimulationEvent[] = [];

async function open(part: Partial<SimulationRequest> = {}): Promise<{ call: SimulatedCall; link: string }> {
  const options = completeOptions({
    to: 'http://127.0.0.1:1/',
    calls: 1,
    rate: 1,
    maxCallSeconds: 20,
    ...part,
  });
  events = [];
  storage = await openSimulatedStorage(options, seed, {
    clock: () => now,
    stopwatch: () => now,
    wait: () => Promise.resolve(),
    onEvent: (event) => events.push(event),
  });
  const call = makeCall(options, seed, 0, now);
  storage.put(call);
  return { call, link: storage.linkTo(call) };
}

function withFault(fault: StorageFault): Promise<{ call: SimulatedCall; link: string }> {
  return open({ faults: { [fault]: 1 } });
}

afterEach(async () => {
  await storage?.close();
  storage = undefined;
});

const get = (link: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(link, { headers });

async function codeOf(response: Response): Promise<string> {
  const text = await response.text();
  return `${response.status} ${/<Code>(.*)<\/Code>/.exec(text)?.[1] ?? 'no code'}`;
}

/** Fetches until the answer is what it should be; what came before is returned. */
async function untilWhole(link: string, call: SimulatedCall): Promise<string[]> {
  const before: string[] = [];
  for (let tries = 0; tries < 4; tries++) {
    const response = await get(link);
    const body = await response.arrayBuffer().catch(() => undefined);
    if (body === undefined) before.push('broken off');
    else if (response.status !== 200) before.push(String(response.status));
    else if (crcOf(body) !== response.headers.get('x-oss-hash-crc64ecma')) before.push('wrong');
    else {
      expect(body.byteLength).toBe(storage?.get(call).audio.bytes);
      return before;
    }
  }
  throw new Error(`never whole: ${before.join(', ')}`);
}

const crcOf = (body: ArrayBuffer): string => new Crc64().update(new Uint8Array(body)).digest();

describe('the storage of recordings', () => {
  it.each(linkVersions)('serves a %s link with the true headers of its object', async (version) => {
    const { link, call } = await open({ linkVersions: [version] });
    const response = await get(link);
    const body = Buffer.from(await response.arrayBuffer());
    const md5 = createHash('md5').update(body).digest();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: `"${md5.toString('hex').toUpperCase()}"`,
      'content-md5': md5.toString('base64'),
      'x-oss-hash-crc64ecma': new Crc64().update(body).digest(),
      'accept-ranges': 'bytes',
      server: 'AliyunOSS',
      'content-length': String(body.length),
      'last-modified': new Date(call.endAt).toUTCString(),
    });
    expect(response.headers.get('x-oss-request-id')).toMatch(/^[0-9A-F]{24}$/);
    await expect
      .poll(() => events)
      .toEqual([{ kind: 'recording', status: 200, callId: call.callId, isComplete: true }]);
  });

  it('serves ranges, with the checksum of the whole', async () => {
    const { link } = await open();
    const whole = await get(link);
    const body = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('etag') ?? '';
    const part = await get(link, { range: 'bytes=1000-', 'if-range': etag });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 1000-${body.length - 1}/${body.length}`);
    expect(part.headers.get('x-oss-hash-crc64ecma')).toBe(whole.headers.get('x-oss-hash-crc64ecma'));
    expect(Buffer.from(await part.arrayBuffer()).equals(body.subarray(1000))).toBe(true);
    expect((await get(link, { range: 'bytes=1000-', 'if-range': '"ANOTHER"' })).status).toBe(200);
    expect(await codeOf(await get(link, { range: `bytes=${body.length}-` }))).toBe('416 InvalidRange');
  });

  it.each(linkVersions)(
    'refuses a %s link once its week is over, in the words of the vendor',
    async (version) => {
      const { link } = await open({ linkVersions: [version], timeScale: 600 });
      now += weekMs / 600 - 2000;
      expect((await get(link)).status).toBe(200);
      now += 2000;
      const response = await get(link);
      expect(response.status).toBe(403);
      expect(response.headers.get('content-type')).toBe('application/xml');
      const text = await response.text();
      expect(text).toContain('<Code>AccessDenied</Code>\n  <Message>Request has expired.</Message>');
      expect(text).toMatch(/<RequestId>[0-9A-F]{24}<\/RequestId>\s*<HostId>.+<\/HostId>/);
      expect(text).toMatch(/<Expires>.+Z<\/Expires>\s*<ServerTime>.+Z<\/ServerTime>/);
    },
  );

  it.each(linkVersions)('refuses a %s link with any byte of its query or path changed', async (version) => {
    const { link } = await open({ linkVersions: [version] });
    const start = link.indexOf('/', 'http://'.length) + 1;
    for (let at = start; at < link.length; at += 7) {
      const changed = `${link.slice(0, at)}${link[at] === 'a' ? 'b' : 'a'}${link.slice(at + 1)}`;
      const response = await get(changed);
      expect(response.status, changed).toBe(403);
      await response.text();
    }
    expect(await codeOf(await get(`${link}&extra=1`))).toBe('403 SignatureDoesNotMatch');
    expect(await codeOf(await get(link.replace('%5E', '^')))).toBe('403 SignatureDoesNotMatch');
  });

  it('refuses a query that was decoded and encoded again', async () => {
    const { link } = await open({ linkVersions: ['v1'] });
    const decoded = link.replace(/%3D$/, '=');
    expect(decoded).not.toBe(link);
    expect(await codeOf(await get(decoded))).toBe('403 SignatureDoesNotMatch');
    expect(await codeOf(await get(link.replace(/%3D$/, '%3d')))).toBe('403 SignatureDoesNotMatch');
  });

  it('refuses HEAD, for the verb is signed, and whoever has no signature', async () => {
    const { link } = await open();
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(403);
    expect(await codeOf(await get(link.replace(/\?.*/, '')))).toBe('403 AccessDenied');
  });

  it('knows no object that was never made', async () => {
    const { call } = await open();
    const link = storage?.linkTo({ ...call, objectKey: '20200101/other_record.wav' }) ?? '';
    expect(await codeOf(await get(link))).toBe('404 NoSuchKey');
  });
});

describe('the faults of the storage', () => {
  it.each([
    ['late-object', /^(404)(,404)*$/],
    ['unavailable', /^(503)(,503)*$/],
    ['reset', /^(broken off)(,broken off)*$/],
    ['truncated', /^(broken off|wrong)(,broken off|,wrong)*$/],
    ['wrong-bytes', /^(wrong)(,wrong)*$/],
    ['html-page', /^(wrong)(,wrong)*$/],
    ['slow-drip', /^$/],
  ] as const)('%s heals after a few tries', async (fault, pattern) => {
    const { link, call } = await withFault(fault);
    const before = await untilWhole(link, call);
    expect(before.join(',')).toMatch(pattern);
    await expect.poll(() => storage?.report()).toMatchObject({ requests: before.length + 1, fetched: 1 });
  });

  it('come one after another where a recording has several, and all of them heal', async () => {
    const { link, call } = await open({ faults: { 'late-object': 1, 'wrong-bytes': 1 } });
    const answers: string[] = [];
    for (let tries = 0; tries < 7; tries++) {
      const response = await get(link);
      answers.push(String(response.status));
      await response.arrayBuffer();
    }
    expect(answers.join(' ')).toMatch(/^(404 )+(200 )+200$/);
    await expect.poll(() => storage?.get(call).fetched).toBe(true);
  });

  it('tell when to come again where the storage is overloaded', async () => {
    const { link } = await withFault('unavailable');
    const response = await get(link);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await codeOf(response)).toBe('503 ServiceUnavailable');
  });

  it('let a late object appear when its time has come, however seldom it was asked for', async () => {
    const { link, call } = await withFault('late-object');
    expect(await codeOf(await get(link))).toBe('404 NoSuchKey');
    now += 20 * 60_000;
    expect(await untilWhole(link, call)).toEqual([]);
  });

  it('lose the end of a body with a length that hides it, or by closing early', async () => {
    const options = completeOptions({
      to: 'http://127.0.0.1:1/',
      calls: 2,
      rate: 1,
      maxCallSeconds: 20,
      faults: { truncated: 1 },
    });
    await open();
    const seen = [];
    for (const index of [0, 1]) {
      const call = makeCall(options, seed, index, now);
      storage?.put(call);
      const response = await get(storage?.linkTo(call) ?? '');
      const body = await response.arrayBuffer().catch(() => undefined);
      seen.push(body === undefined ? 'broken off' : body.byteLength / (storage?.get(call).audio.bytes ?? 1));
    }
    expect(seen).toEqual(['broken off', expect.closeTo(0.5)]);
  });

  it.each(linkVersions)('make a %s link that is dead from the start', async (version) => {
    const { link } = await open({ linkVersions: [version], faults: { expired: 1 } });
    expect(await codeOf(await get(link))).toBe('403 AccessDenied');
  });
});
