import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLookup, type NameSources } from './name-lookup.js';

const servers: Socket[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A name server: addresses by name, a code of refusal, or silence. */
async function serveNames(zone: Record<string, string[] | number | 'silence'>) {
  const server = createSocket('udp4');
  servers.push(server);
  const asked: string[] = [];
  server.on('message', (query, { port }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.subarray(at + 1, at + 1 + length).toString());
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const isV4 = query.readUInt16BE(at + 1) === 1;
    const name = labels.join('.').toLowerCase();
    asked.push(name);
    const told = zone[name] ?? 3;
    if (told === 'silence') return;
    const addresses = isV4 && Array.isArray(told) ? told : [];
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | (typeof told === 'number' ? told : 0), 2);
    for (const [index, count] of [1, addresses.length, 0, 0].entries())
      head.writeUInt16BE(count, 4 + 2 * index);
    const records = addresses.map((address) =>
      Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]),
    );
    server.send(Buffer.concat([head, question, ...records]), port, '127.0.0.1');
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const openResolver = () => {
    const resolver = new Resolver({ timeout: 300, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    return resolver;
  };
  return { asked, openResolver };
}

const systemOf = (names: Record<string, string[]>) =>
  vi.fn((name: string) =>
    names[name]
      ? Promise.resolve(names[name])
      : Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
  );
const lookupWith = (sources: NameSources) =>
  createLookup({ readHosts: () => Promise.resolve(''), askSystem: systemOf({}), ...sources });

describe('a name', () => {
  it('is found in the hosts file first, by every name of a line and in any case', async () => {
    const hosts =
      '127.0.0.1 localhost\n# 9.9.9.9 me\n10.1.1.1\tMe.example me # you\n::7 me\nnonsense me\n10.1.1.1 me';
    const { asked, openResolver } = await serveNames({});
    const lookup = lookupWith({ openResolver, readHosts: () => Promise.resolve(hosts) });
    expect(await lookup('ME')).toEqual(['10.1.1.1', '::7']);
    expect(await lookup('me.example.')).toEqual(['10.1.1.1']);
    expect(await lookup('localhost')).toEqual(['127.0.0.1']);
    await expect(lookup('you')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(new Set(asked)).toEqual(new Set(['you']));
  });

  it('of this machine is known without a file', async () => {
    const lookup = lookupWith({
      openResolver: () => {
        throw new Error('asked');
      },
    });
    expect(await lookup('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await lookup('a.localhost')).toEqual(['127.0.0.1', '::1']);
  });

  it('is asked for with DNS then, and the system is left alone', async () => {
    const { openResolver } = await serveNames({ 'a.example': ['192.0.2.1', '192.0.2.2'] });
    const askSystem = systemOf({});
    expect(await lookupWith({ openResolver, askSystem })('a.example')).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('that DNS does not know is the word of the system', async () => {
    const { openResolver } = await serveNames({ refused: 5, failed: 2 });
    const askSystem = systemOf({ minio: ['10.0.0.1'], refused: ['10.0.0.2'], failed: ['10.0.0.3'] });
    const lookup = lookupWith({ openResolver, askSystem });
    expect(await lookup('minio')).toEqual(['10.0.0.1']);
    expect(await lookup('refused')).toEqual(['10.0.0.2']);
    expect(await lookup('failed')).toEqual(['10.0.0.3']);
    await expect(lookup('b.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('that nobody answers for keeps no other waiting, and the system is not asked for it', async () => {
    const silent = Array.from({ length: 60 }, (_, i) => `h${i}.silent.example`);
    const zone = Object.fromEntries(silent.map((name) => [name, 'silence' as const]));
    const { openResolver } = await serveNames({ ...zone, 'broken.example': 2, 'a.example': ['192.0.2.1'] });
    const askSystem = systemOf({});
    const lookup = lookupWith({ openResolver, askSystem });
    let over = 0;
    const waiting = silent.map((name) => lookup(name).finally(() => over++));
    expect(await lookup('a.example')).toEqual(['192.0.2.1']);
    expect(over).toBe(0);
    const ends = await Promise.allSettled([...waiting, lookup('broken.example')]);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('is found by one family where the other is silent', async () => {
    const never = new Promise<string[]>(() => undefined);
    let cancel: (() => void) | undefined;
    const late = new Promise<string[]>((_, reject) => (cancel = () => reject(new Error('cancelled'))));
    const openResolver = () =>
      ({
        resolve4: () => Promise.resolve(['192.0.2.1']),
        resolve6: () => Promise.race([never, late]),
        cancel: () => cancel?.(),
      }) as unknown as Resolver;
    expect(await lookupWith({ openResolver, secondFamilyMs: 5 })('a.example')).toEqual(['192.0.2.1']);
  });

  it('is asked of the system one at a time', async () => {
    const { openResolver } = await serveNames({});
    let running = 0;
    let most = 0;
    const askSystem = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return ['10.0.0.1'];
    };
    const lookup = lookupWith({ openResolver, askSystem });
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => lookup(name)));
    expect(most).toBe(1);
  });
});
