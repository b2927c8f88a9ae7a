import { describe, expect, it } from 'vitest';
import { readConfig } from '../../settings/config.js';
import { placeOfDatabase, planMove, type MoveRequest } from './move-plan.js';

const url = 'postgres://user:very-secret@db1:5432,db2/earshot?sslmode=require';
const plan = (request: MoveRequest, env: Record<string, string> = {}) =>
  planMove(readConfig({}, env, '/nowhere'), request);

describe('a move', () => {
  it('leads to a database, an object storage, or both, and back', () => {
    expect(plan({ to: url, storageTo: 's3://bucket/calls' })).toMatchObject({
      store: { url },
      storageUrl: 's3://bucket/calls',
      changes: { databaseUrl: url, storageUrl: 's3://bucket/calls' },
    });
    const shared = { EARSHOT_DATABASE_URL: url, EARSHOT_STORAGE_URL: 's3://bucket/calls' };
    expect(plan({ to: 'embedded', storageTo: 'file:///srv/calls' }, shared)).toMatchObject({
      store: 'embedded',
      storageUrl: '/srv/calls',
      changes: { databaseUrl: undefined, inbox: undefined, storageUrl: 'file:///srv/calls' },
    });
  });

  it.each<[string, MoveRequest, Record<string, string>, RegExp]>([
    ['nowhere', {}, {}, /Say where to/],
    ['to where it is', { to: 'embedded' }, {}, /embedded already/],
    ['from one database to another', { to: url }, { EARSHOT_DATABASE_URL: url }, /pg_dump/],
    ['to no database', { to: 'mysql://user:very-secret@host/x' }, {}, /--to: .*postgres/],
    ['to no storage', { storageTo: 'ftp://host' }, {}, /--storage-to: expected/],
    [
      'of recordings to where they are',
      { storageTo: 'file:///srv/a' },
      { EARSHOT_STORAGE_URL: 'file:///srv/a' },
      /already/,
    ],
  ])('%s is refused', (_what, request, env, words) => {
    expect(() => plan(request, env)).toThrow(words);
    expect(() => plan(request, env)).not.toThrow(/very-secret/);
  });
});

it('names a database without its secrets', () => {
  expect(placeOfDatabase(url)).toBe('postgres://db1:5432,db2/earshot');
});
