import { describe, expect, it } from 'vitest';
import { ConnectionLimiter, type Connection } from './connection-limiter.js';

function open() {
  const limiter = new ConnectionLimiter((address) => address === 'proxy', {
    ...{ connections: 6, ofOneAddress: 3, headBytes: 100 },
  });
  const cut: string[] = [];
  return {
    limiter,
    cut,
    add: (name: string, address = 'a'): Connection => {
      const connection = { address, cut: () => cut.push(name) };
      limiter.add(connection);
      return connection;
    },
  };
}

describe('ConnectionLimiter', () => {
  it('makes room for a newcomer by the oldest stranger of its address', () => {
    const { add, cut } = open();
    for (const name of ['1', '2', '3']) add(name);
    add('other', 'b');
    add('4');
    add('5');
    expect(cut).toEqual(['1', '2']);
  });

  it('leaves who has shown a token, and refuses the newcomer where all have', () => {
    const { limiter, add, cut } = open();
    const known = add('1');
    limiter.known(known);
    for (const name of ['2', '3', '4']) add(name);
    expect(cut).toEqual(['2']);
    const others = [add('5'), add('6')];
    expect(cut).toEqual(['2', '3', '4']);
    for (const other of others) limiter.known(other);
    add('7');
    expect(cut.at(-1)).toBe('7');
  });

  it('bounds all together, a proxy only so', () => {
    const { add, cut } = open();
    for (const name of ['1', '2', '3', '4', '5']) add(name, 'proxy');
    add('6', 'b');
    expect(cut).toEqual([]);
    add('7', 'b');
    expect(cut).toEqual(['1']);
  });

  it('counts nobody who has gone', () => {
    const { limiter, add, cut } = open();
    for (let round = 0; round < 20; round++) {
      const connection = add(String(round));
      limiter.keepsOfHead(connection, 60);
      limiter.remove(connection);
      limiter.remove(connection);
    }
    expect(cut).toEqual([]);
  });

  it('cuts off whose head has been unfinished for longest, once all of them are too much', () => {
    const { limiter, add, cut } = open();
    const [first, second, third] = [add('1'), add('2', 'b'), add('3', 'c')];
    limiter.keepsOfHead(first, 40);
    limiter.keepsOfHead(second, 40);
    limiter.keepsOfHead(first, 60);
    expect(cut).toEqual([]);
    limiter.keepsOfHead(second, 0);
    limiter.keepsOfHead(third, 40);
    expect(cut).toEqual([]);
    limiter.keepsOfHead(second, 1);
    expect(cut).toEqual(['1']);
  });
});
