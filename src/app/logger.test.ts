import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const compiled = pathToFileURL(join(import.meta.dirname, '../../dist/app/logger.js')).href;

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
