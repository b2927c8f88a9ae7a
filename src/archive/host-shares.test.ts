import { describe, expect, it } from 'vitest';
import { HostShares } from './host-shares.js';

const answered = { reason: 'not-found', status: 404 } as const;
const silent = { reason: 'timeout' } as const;

const sharesOf = (hosts: HostShares, running: Record<string, number> = {}) =>
  Object.fromEntries(hosts.forClaim(running).shares ?? []);

describe('the share of a host', () => {
  it('is one slot until it has answered, and then its own, but not all', () => {
    const hosts = new HostShares({ concurrency: 8, perHost: 4 });
    expect(hosts.forClaim({ a: 1 })).toEqual({ perHost: 1, running: { a: 1 }, shares: new Map() });
    hosts.ended('a', answered);
    expect(sharesOf(hosts)).toEqual({ a: 4 });
    const wide = new HostShares({ concurrency: 8, perHost: 256 });
    wide.ended('a', { reason: 'archived', status: 200 });
    expect(sharesOf(wide)).toEqual({ a: 7 });
    const single = new HostShares({ concurrency: 1, perHost: 4 });
    single.ended('a', answered);
    expect(sharesOf(single)).toEqual({ a: 1 });
  });

  it('is one slot after a silence, until it answers again', () => {
    const hosts = new HostShares({ concurrency: 8, perHost: 4 });
    hosts.ended('a', answered);
    hosts.ended('a', silent);
    hosts.ended('a', { reason: 'connection-refused' });
    hosts.ended('a', { reason: 'storage-failed' });
    expect(sharesOf(hosts)).toEqual({ a: 1 });
    expect(sharesOf(hosts, { a: 1 })).toEqual({ a: 0 });
    hosts.ended('a', answered);
    expect(sharesOf(hosts, { a: 1 })).toEqual({ a: 4 });
  });

  it('is, of all that are silent together, half of the slots, in turns', () => {
    const hosts = new HostShares({ concurrency: 4, perHost: 4 });
    for (const host of ['a', 'b', '__proto__', 'constructor', 'c']) hosts.ended(host, silent);
    const open = (running: Record<string, number> = {}) =>
      [...(hosts.forClaim(running).shares ?? [])].filter(([, share]) => share > 0).map(([host]) => host);
    expect(open()).toEqual(['a', 'b']);
    expect(open()).toEqual(['__proto__', 'constructor']);
    expect(open({ constructor: 1 })).toEqual(['c']);
    expect(open({ constructor: 1, c: 1 })).toEqual([]);
    expect(open({ a: 3 })).toEqual([]);
  });
});
