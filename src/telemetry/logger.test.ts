import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { LogFn } from 'pino';
import { StoreError } from '../store/store-error.js';
import { createStoreAwayRecords, createThrottledReport } from './logger.js';

const compiled = pathToFileURL(join(import.meta.dirname, '../../dist/telemetry/logger.js')).href;

/** What a process writes on stderr that logs so. */
async function log(statements: string, level = 'info'): Promise<Record<string, unknown>[]> {
  const code = `import { createLogger } from '${compiled}'; const log = createLogger('${level}', 'test'); ${statements}`;
  const { stderr, stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  expect(stdout).toBe('');
  return stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const link = 'http://bucket.oss.aliyuncs.com/a.wav?Expires=1&Signature=SECRET%2B';

describe('the log', () => {
  it('is a JSON line a record on stderr, with its time and part', async () => {
    const [record] = await log(`log.info({ callId: '1^1' }, 'hello'); log.debug('unheard');`);
    expect(record).toMatchObject({ level: 30, part: 'test', callId: '1^1', msg: 'hello' });
    expect(record?.['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(await log(`log.debug('heard')`, 'debug')).toHaveLength(1);
  });

  it('never holds a secret under the name of one', async () => {
    const records = await log(`
      for (const name of ['link', 'recordFile', 'token', 'key', 'apiKey', 'pushToken', 'authorization']) {
        log.info({ [name]: 'SECRET' });
        log.info({ deep: { [name]: 'SECRET' } });
        log.info({ req: { headers: { [name]: 'SECRET' } } });
        log.child({ [name]: 'SECRET' }).info('child');
      }`);
    expect(records).toHaveLength(28);
    expect(JSON.stringify(records)).not.toContain('SECRET');
  });

  it('cuts the query of a link and the token of a push path out of errors, their causes and their traces', async () => {
    const records = await log(`
      const inner = new Error('cannot fetch ${link} now');
      const outer = new Error('POST http://host/push/SECRET-token/AlicomAgentCallNote failed', { cause: inner });
      log.error({ err: outer }, 'failed');
      log.error({ err: Object.assign(new Error('x'), { url: '${link}', input: 'HTTPS://H/?token=SECRET' }) });
      log.error(inner);`);
    expect(records).toHaveLength(3);
    expect(JSON.stringify(records)).not.toContain('SECRET');
    expect(JSON.stringify(records)).toContain('http://bucket.oss.aliyuncs.com/a.wav?…');
  });

  it('is not stopped by an error that JSON cannot tell', async () => {
    const [record, next] = await log(`
      const error = Object.assign(new Error('odd ${link}'), { size: 5n });
      error.self = { error };
      log.error({ err: error }, 'odd');
      log.info('next');`);
    expect(record).toMatchObject({ msg: 'odd', err: { type: 'Error' } });
    expect(JSON.stringify(record)).not.toContain('SECRET');
    expect(next).toMatchObject({ msg: 'next' });
  });
});

const record = (error: unknown, words = 'could not be read') => [{ err: error }, words] as Parameters<LogFn>;
const away = new StoreError('unreachable', 'nobody at db:5432');

it('a store that is away is one line, then a count a minute, without a stack', () => {
  let now = 0;
  const pass = createStoreAwayRecords(() => now);
  expect(pass(record(away))).toEqual([
    { err: undefined, reason: 'nobody at db:5432', times: 1 },
    'could not be read',
  ]);
  for (now = 50; now < 60_000; now += 50) expect(pass(record(away, 'something else'))).toBeUndefined();
  now = 60_000;
  expect(pass(record(away))?.[0]).toMatchObject({ times: 1_200 });
  expect(pass(record(away))).toBeUndefined();
});

it('whatever else is told passes as it is', () => {
  const pass = createStoreAwayRecords(() => 0);
  pass(record(away));
  for (const other of [record(new StoreError('corrupt', 'x')), record(new Error('y')), ['words']]) {
    expect(pass(other as Parameters<LogFn>)).toBe(other);
  }
});

it('reports the first failure at once, and those of the next second together', () => {
  let now = 0;
  const reports: [unknown, number][] = [];
  const report = createThrottledReport(
    (error, times) => reports.push([error, times]),
    () => now,
  );
  report('first');
  for (now = 1; now < 1_000; now += 100) report('again');
  expect(reports).toEqual([['first', 1]]);
  now = 1_000;
  report('still');
  expect(reports).toEqual([
    ['first', 1],
    ['still', 11],
  ]);
});
