import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../test/support/temporary-folder.js';
import { describeConfig } from './describe-settings.js';
import { readConfig, type Flags } from './config.js';
import { settings } from './settings.js';

interface Given {
  readonly flags?: Flags;
  readonly env?: Record<string, string>;
  readonly file?: unknown;
}

function read({ flags = {}, env = {}, file }: Given = {}) {
  const folder = makeTemporaryFolder();
  if (file !== undefined) {
    writeFileSync(join(folder, 'earshot.json'), typeof file === 'string' ? file : JSON.stringify(file));
  }
  return readConfig(flags, env, folder);
}

const secret = 'a-secret-of-24-letters-0';

describe('settings', () => {
  it('have a default each, of which earshot config says where it comes from', () => {
    const config = read();
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      dataDir: resolve('data'),
      timeZone: 'Asia/Shanghai',
      logLevel: 'info',
      allowNetworks: [],
      endpointNetworks: [],
      signOnNetworks: [],
      keepPushesDays: 7,
      quarantineDays: 90,
      quarantineMaxBytes: 1024 ** 3,
      downloads: 8,
      downloadsPerHost: 4,
      pushToken: undefined,
      apiKey: undefined,
    });
    expect(new Set(Object.values(config.origins))).toEqual(new Set(['default']));
  });

  it.each([
    ['EARSHOT_DATA_DIR', '"/srv/earshot"'],
    ['EARSHOT_DATA_DIR', "'/srv/earshot' "],
    ['EARSHOT_RECORDING_HOSTS', '"127.0.0.1","a.example"'],
    ['EARSHOT_API_KEY', `"${secret}"`],
    ['EARSHOT_OIDC_NAME', '“Sales”'],
  ])('%s in quotes (%s) is refused, and what stands in them is not repeated', (name, text) => {
    const refusal = expect.stringMatching(new RegExp(`^${name} .*quotes`)) as string;
    expect(() => read({ env: { [name]: text } })).toThrow(expect.objectContaining({ message: refusal }));
    expect(() => read({ env: { [name]: text } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(text.slice(1, -2)) as string }),
    );
  });

  it('are refused from a file in UTF-16, with a sentence that says so', () => {
    const named = join(makeTemporaryFolder(), 'key');
    for (const bytes of [Buffer.from(`\ufeff${secret}`, 'utf16le'), Buffer.from(secret, 'utf16le')]) {
      writeFileSync(named, bytes);
      expect(() => read({ env: { EARSHOT_API_KEY_FILE: named } })).toThrow(/UTF-16/);
    }
    writeFileSync(named, `\ufeff${secret}\r\n`);
    expect(read({ env: { EARSHOT_API_KEY_FILE: named } }).apiKey).toBe(secret);
  });

  it('are taken from a flag before the environment, a named file, earshot.json and the default', () => {
    const named = join(makeTemporaryFolder(), 'port');
    writeFileSync(named, '3\n');
    const all = {
      flags: { port: '1' },
      env: { EARSHOT_PORT: '2', EARSHOT_PORT_FILE: named },
      file: { port: 4 },
    };
    const from = (given: Given) => {
      const { port, origins } = read(given);
      return [port, origins.port];
    };
    expect(from(all)).toEqual([1, 'flag']);
    expect(from({ ...all, flags: {} })).toEqual([2, 'environment']);
    expect(from({ ...all, flags: {}, env: { EARSHOT_PORT_FILE: named } })).toEqual([3, 'file']);
    expect(from({ file: { port: 4 } })).toEqual([4, 'earshot.json']);
    expect(from({ file: { EARSHOT_PORT: '5' } })).toEqual([5, 'earshot.json']);
    expect(from({})).toEqual([8080, 'default']);
  });

  it('may be lists, with commas or as an array', () => {
    expect(read({ env: { EARSHOT_ALLOW_NETWORKS: '10.0.0.0/8, 127.0.0.1/32' } }).allowNetworks).toEqual([
      '10.0.0.0/8',
      '127.0.0.1/32',
    ]);
    expect(read({ file: { recordingHosts: ['*.example', 'a.test:81'] } }).recordingHosts).toEqual([
      '*.example',
      'a.test:81',
    ]);
  });

  it('have a list of networks for each purpose: endpoints take that of downloads where they have none', () => {
    const networksOf = (env: Record<string, string>) => {
      const { allowNetworks, endpointNetworks, signOnNetworks } = read({ env });
      return [allowNetworks, endpointNetworks, signOnNetworks];
    };
    const inside = { EARSHOT_ALLOW_NETWORKS: '10.0.0.0/8' };
    const provider = { EARSHOT_OIDC_ISSUER: 'https://id.test', EARSHOT_OIDC_CLIENT_ID: 'earshot' };
    const signOn = { ...provider, EARSHOT_OIDC_DEFAULT_ROLE: 'viewer', EARSHOT_SIGN_ON_NETWORKS: '::1' };
    const endpoints = (text: string) => ({ EARSHOT_ENDPOINT_NETWORKS: text });
    expect(networksOf(inside)).toEqual([['10.0.0.0/8'], ['10.0.0.0/8'], []]);
    expect(networksOf({ ...inside, ...endpoints('none') })).toEqual([['10.0.0.0/8'], [], []]);
    expect(networksOf({ ...inside, ...endpoints('') })).toEqual([['10.0.0.0/8'], [], []]);
    expect(networksOf(endpoints('fd00::/8'))).toEqual([[], ['fd00::/8'], []]);
    expect(networksOf(signOn)).toEqual([[], [], ['::1']]);
  });

  it('take any token or key of 16 or more characters of their alphabet', () => {
    expect(read({ env: { EARSHOT_PUSH_TOKEN: 'aZ09_-aZ09_-aZ09' } }).pushToken).toBe('aZ09_-aZ09_-aZ09');
  });
});

describe('a setting that cannot be used', () => {
  it.each([
    ['EARSHOT_PORT', 'eighty'],
    ['EARSHOT_PORT', '65536'],
    ['EARSHOT_PORT', '80.5'],
    ['EARSHOT_PORT', ''],
    ['EARSHOT_HOST', ' '],
    ['EARSHOT_PUBLIC_URL', 'example.com'],
    ['EARSHOT_PUBLIC_URL', 'ftp://example.com'],
    ['EARSHOT_TIME_ZONE', 'Beijing'],
    ['EARSHOT_LOG_LEVEL', 'loud'],
    ['EARSHOT_ALLOW_NETWORKS', '10.0.0.0/33'],
    ['EARSHOT_ALLOW_NETWORKS', 'localhost'],
    ['EARSHOT_ENDPOINT_NETWORKS', 'none, 10.0.0.0/8'],
    ['EARSHOT_SIGN_ON_NETWORKS', '::1'],
    ['EARSHOT_RECORDING_HOSTS', ','],
    ['EARSHOT_STORAGE_URL', 'ftp://bucket'],
    ['EARSHOT_DATABASE_URL', 'postgres://x'],
    ['EARSHOT_DATABASE_URL', 'mysql://x/y'],
    ['EARSHOT_ROLES', 'intake'],
    ['EARSHOT_ROLES', 'everything'],
    ['EARSHOT_DOWNLOADS', '0'],
    ['EARSHOT_KEEP_PUSHES_DAYS', '-1'],
    ['EARSHOT_API_KEY', 'too-short'],
    ['EARSHOT_PUSH_TOKEN', 'with/slash-0123456'],
  ])('is named where it stops the start: %s=%s', (name, value) => {
    expect(() => read({ env: { [name]: value } })).toThrow(
      expect.objectContaining({ code: 'setting-invalid', message: expect.stringContaining(name) as string }),
    );
  });

  it('is named where there is none of that name', () => {
    const unknown = (given: Given, name: string) => {
      expect(() => read(given)).toThrow(
        expect.objectContaining({
          code: 'setting-unknown',
          message: expect.stringContaining(name) as string,
        }),
      );
    };
    unknown({ env: { EARSHOT_PROT: '1' } }, 'EARSHOT_PROT');
    unknown({ env: { EARSHOT_PROT_FILE: '/x' } }, 'EARSHOT_PROT_FILE');
    unknown({ file: { prot: 1 } }, 'prot');
    unknown({ file: { constructor: '1' } }, 'constructor');
    expect(() => read({ env: { OTHER_PROT: '1' } })).not.toThrow();
  });

  it.each([null, true, { a: 1 }, [1], [null]])('is one that earshot.json gives as %j', (value) => {
    expect(() => read({ file: { dataDir: value } })).toThrow(/dataDir/);
  });

  it.each(['', 'not JSON', '[]', '5', 'null'])('is an earshot.json that holds %j', (file) => {
    expect(() => read({ file })).toThrow(/earshot\.json/);
  });

  it('is a named file that cannot be read', () => {
    expect(() => read({ env: { EARSHOT_API_KEY_FILE: '/nowhere/key' } })).toThrow(
      /EARSHOT_API_KEY_FILE.*\/nowhere\/key/,
    );
  });
});

describe('settings that go together', () => {
  const env = { EARSHOT_DATABASE_URL: 'postgres://u:p@db/earshot' };

  it('are roles and an inbox beside a database', () => {
    const config = read({ env: { ...env, EARSHOT_ROLES: 'api, intake', EARSHOT_INBOX: 'local' } });
    expect(config).toMatchObject({ roles: ['intake', 'api'], inbox: 'local' });
    expect(read({ env })).toMatchObject({ roles: ['intake', 'archive', 'deliver', 'api'], inbox: 'both' });
  });

  it.each([
    ['EARSHOT_INBOX', 'both'],
    ['EARSHOT_SPOOL_MAX_BYTES', '1000'],
    ['EARSHOT_KEEP_MONTHS', '12'],
    ['EARSHOT_DATABASE_CONNECTIONS', '24'],
    ['EARSHOT_ROLES', 'api'],
  ])('are refused on the embedded store, where they mean nothing: %s=%s', (name, value) => {
    expect(() => read({ env: { [name]: value } })).toThrow(new RegExp(`${name}: .*EARSHOT_DATABASE_URL`));
    expect(() => read({ env: { ...env, [name]: value } })).not.toThrow();
  });

  it('are no bound of a local inbox and an inbox that is the database alone', () => {
    const spool = { EARSHOT_INBOX: 'store', EARSHOT_SPOOL_MAX_BYTES: '1' };
    expect(() => read({ env: { ...env, ...spool } })).toThrow(/EARSHOT_SPOOL_MAX_BYTES/);
  });

  it('run every part of the embedded store in one process, also where the list is from before there was sending', () => {
    expect(read({ env: { EARSHOT_ROLES: 'intake,archive,api' } }).roles).toContain('deliver');
  });
});

describe('secrets among settings', () => {
  it('are never repeated in what is said about them', () => {
    for (const given of [
      { env: { EARSHOT_API_KEY: `${secret}/slip` } },
      { env: { EARSHOT_PUSH_TOKEN: `${secret} slip` } },
      { flags: { apiKey: `${secret}!` } },
      { file: { apiKey: `${secret}!` } },
      { file: { apiKey: [secret, secret] } },
      { file: `{"apiKey":"${secret}" x` },
      { file: `{"apiKey":"${secret}"}}` },
      { file: secret },
      { env: { EARSHOT_DATABASE_URL: `postgres://u:${secret}@/` } },
      { env: { EARSHOT_DATABASE_URL: `http://u:${secret}@db/x` } },
    ]) {
      let message = '';
      try {
        read(given);
      } catch (error) {
        message = String((error as Error).stack);
      }
      expect(message).not.toBe('');
      expect(message).not.toContain(secret.slice(0, 8));
    }
  });

  it('are redacted where settings are described, wherever they came from', () => {
    const databaseUrl = `postgres://u:${secret}@db/earshot`;
    const env = { EARSHOT_API_KEY: secret, EARSHOT_DATABASE_URL: databaseUrl };
    const described = describeConfig(read({ env, file: { pushToken: secret } }));
    expect(JSON.stringify(described)).not.toContain(secret);
    const valueOf = (name: string) => described.find((setting) => setting.name === name);
    expect(valueOf('EARSHOT_API_KEY')).toMatchObject({ value: '[redacted]', origin: 'environment' });
    expect(valueOf('EARSHOT_PUSH_TOKEN')).toMatchObject({ value: '[redacted]', origin: 'earshot.json' });
  });

  it.each([
    [`postgres://u:${secret}@db/earshot`, 'postgres://[redacted]@db/earshot'],
    [
      `postgres://u:${secret}@db1:5432,db2/calls?sslkey=${secret}`,
      'postgres://[redacted]@db1:5432,db2/calls',
    ],
    [`postgres://db/earshot?password=${secret}&host=${secret}`, 'postgres://db/earshot'],
    [`postgres://${secret}@[::1]:5433/earshot`, 'postgres://[redacted]@[::1]:5433/earshot'],
  ])('tell of a database where it is, and not who asks: %#', (url, shown) => {
    const described = describeConfig(read({ env: { EARSHOT_DATABASE_URL: url } }));
    expect(described.find(({ name }) => name === 'EARSHOT_DATABASE_URL')?.value).toBe(shown);
  });
});

describe('an object storage', () => {
  const url = 's3://recordings/calls?endpoint=https://oss.example.com&region=cn-hangzhou';
  const keys = { EARSHOT_S3_ACCESS_KEY_ID: 'AKID', EARSHOT_S3_SECRET_ACCESS_KEY: 'geheim' };

  it('is taken as it is, with its keys or without', () => {
    expect(read({ env: { EARSHOT_STORAGE_URL: url } }).storageUrl).toBe(url);
    const config = read({ env: { EARSHOT_STORAGE_URL: url, ...keys } });
    expect(config).toMatchObject({ s3AccessKeyId: 'AKID', s3SecretAccessKey: 'geheim' });
    expect(JSON.stringify(describeConfig(config))).not.toContain('geheim');
  });

  it.each([
    [{ EARSHOT_STORAGE_URL: 's3://AKID:geheim@recordings' }, 'keys do not belong into the URL'],
    [{ EARSHOT_STORAGE_URL: `${url}&acl=public` }, '"acl"'],
    [{ EARSHOT_STORAGE_URL: 'https://oss.example.com/recordings' }, 's3://bucket/prefix'],
    [{ EARSHOT_STORAGE_URL: url, EARSHOT_S3_ACCESS_KEY_ID: 'AKID' }, 'EARSHOT_S3_SECRET_ACCESS_KEY'],
    [keys, 'only with EARSHOT_STORAGE_URL'],
  ])('is refused with a sentence where it cannot be meant: %j', (env: Record<string, string>, words) => {
    expect(() => read({ env })).toThrow(words);
    expect(() => read({ env })).toThrow(/^(?!.*geheim)/);
  });
});

describe('the description of settings', () => {
  it('has every setting, with its value, where it came from and what it means', () => {
    const described = describeConfig(
      read({ flags: { port: '0' }, env: { EARSHOT_ALLOW_NETWORKS: '10.0.0.0/8,::1' } }),
    );
    expect(described.map(({ name }) => name)).toEqual(Object.values(settings).map(({ name }) => name));
    const urlOf = (flags: { port: string; publicUrl?: string }) =>
      describeConfig(read({ flags })).find(({ name }) => name === 'EARSHOT_PUBLIC_URL');
    expect(urlOf({ port: '9000' })).toMatchObject({ value: 'http://127.0.0.1:9000', origin: 'default' });
    expect(urlOf({ port: '9000', publicUrl: 'https://a.example' })).toMatchObject({
      value: 'https://a.example',
    });
    for (const { value, meaning } of described) {
      expect(value).not.toMatch(/^$|undefined|object/);
      expect(meaning).not.toBe('');
    }
    expect(described.find(({ name }) => name === 'EARSHOT_PORT')).toMatchObject({
      value: '0',
      origin: 'flag',
    });
    expect(described.find(({ name }) => name === 'EARSHOT_ALLOW_NETWORKS')).toMatchObject({
      value: '10.0.0.0/8,::1',
    });
    expect(described.find(({ name }) => name === 'EARSHOT_DATA_DIR')).toMatchObject({
      value: './data',
      origin: 'default',
    });
  });
});
