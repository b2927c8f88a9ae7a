import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountRoles, rights, rightsOf, type Grant, type Right } from '../../src/domain/rights.js';
import { signedIn } from './browser.js';
import { openTestApi, record, sha256, type TestApi } from './open-test-api.js';

/*
 * Every route by every kind of actor, and the ways by which one right might be had by way of another. The table is
 * written by hand: what is added to the API has to be added here, by somebody who says who it is for.
 */

type Needed = Right | 'any' | 'open';

const table: Readonly<Record<Needed, readonly string[]>> = {
  open: [
    ...['GET /healthz', 'GET /readyz', 'GET /session', 'POST /session', 'POST /setup', 'GET /r/{id}'],
    ...['POST /session/passkey', 'POST /session/passkey/options'],
  ],
  any: [
    ...['GET /openapi.json', 'POST /session/password', 'GET /sessions', 'DELETE /sessions/{id}'],
    'DELETE /session',
    'POST /session/proof',
    ...['GET /session/passkeys', 'POST /session/passkeys', 'POST /session/passkeys/options'],
    'DELETE /session/passkeys/{id}',
    ...['GET', 'POST', 'PUT', 'DELETE'].map((method) => `${method} /session/second-factor`),
  ],
  view: [
    ...['GET /status', 'GET /metrics', 'GET /overview', 'GET /live', 'GET /calls', 'GET /calls/{callId}'],
    ...['GET /calls/{callId}/history', 'GET /calls/{callId}/comments', 'GET /call-count', 'GET /recordings'],
    ...['GET /recordings/{id}', 'GET /waveforms', 'GET /endpoints', 'GET /endpoints/{id}', 'GET /deliveries'],
    ...['GET /deliveries/{id}', 'GET /deliveries/causes', 'GET /replays', 'GET /replays/{id}', 'GET /tags'],
    ...['GET /views', 'POST /views', 'PATCH /views/{id}', 'DELETE /views/{id}'],
  ],
  listen: ['GET /recordings/{id}/audio', 'POST /recordings/{id}/heard', 'GET /recordings/{id}/waveform'],
  download: ['GET /messages'],
  review: [
    ...['POST /calls/{callId}/comments', 'PATCH /comments/{id}', 'DELETE /comments/{id}'],
    ...['PUT /calls/{callId}/tags/{tag}', 'DELETE /calls/{callId}/tags/{tag}'],
  ],
  export: [
    ...['POST /exports', 'GET /exports', 'GET /exports/{id}', 'POST /exports/{id}/cancel'],
    'GET /exports/{id}/file',
  ],
  operate: [
    ...['POST /messages', 'POST /recordings', 'DELETE /recordings/{id}', 'POST /recordings/{id}/retry'],
    ...['GET /quarantine', 'GET /quarantine/{id}', 'DELETE /quarantine/{id}', 'POST /quarantine/{id}/retry'],
    ...['GET /quarantine/kinds', 'POST /quarantine/retry', 'POST /quarantine/discard'],
    ...['POST /endpoints', 'PATCH /endpoints/{id}', 'DELETE /endpoints/{id}', 'POST /endpoints/{id}/pause'],
    ...['POST /endpoints/{id}/resume', 'POST /endpoints/{id}/test', 'POST /endpoints/{id}/rotate-secret'],
    ...['POST /endpoints/{id}/replay', 'POST /deliveries/{id}/replay', 'POST /replays/{id}/cancel'],
    ...['POST /recordings/{id}/acknowledge', 'POST /deliveries/{id}/acknowledge'],
    'GET /sources',
  ],
  administer: [
    ...[
      'GET /people',
      'POST /people',
      'PATCH /people/{id}',
      'DELETE /people/{id}',
      'DELETE /people/{id}/second-factor',
      'GET /people/{id}/sessions',
      'DELETE /people/{id}/sessions',
      'DELETE /people/{id}/sessions/{sessionId}',
      'GET /keys',
      'POST /keys',
    ],
    ...['DELETE /keys/{id}', 'GET /audit', 'POST /audit/verify', 'GET /settings', 'POST /storage/test'],
    ...['POST /sources', 'POST /sources/{id}/rotate', 'PATCH /sources/{id}', 'DELETE /sources/{id}'],
    ...['POST /sources/{id}/push-sample', 'GET /demo', 'POST /demo', 'DELETE /demo'],
  ],
};

/** Routes that always need a second right. */
const also: Readonly<Record<string, Right>> = { 'POST /deliveries/{id}/replay': 'download' };

interface Actor {
  readonly name: string;
  readonly rights: readonly Right[];
  ask(method: string, path: string, body?: object): Promise<Response>;
}

let api: TestApi;
let actors: Actor[];

beforeAll(async () => {
  api = await openTestApi();
  await api.push([record('1^1')]);
  actors = [...(await everyAccount()), ...(await everyKey())];
});
afterAll(() => api.close());

async function everyAccount(): Promise<Actor[]> {
  const choices = [undefined, true, false];
  const grants = accountRoles.flatMap((role) =>
    choices.flatMap((mayListen) =>
      choices.map((mayDownload): Grant => ({
        role,
        ...(mayListen === undefined ? {} : { mayListen }),
        ...(mayDownload === undefined ? {} : { mayDownload }),
      })),
    ),
  );
  const made: Actor[] = [];
  // One after the other: few may wait for their turn at once who come from one address.
  for (const [n, grant] of grants.entries()) {
    const browser = await signedIn(api, `person-${n}`, grant);
    made.push({
      name: JSON.stringify(grant),
      rights: rightsOf(grant),
      ask: (method, path, body) => browser.post(path, body, method),
    });
  }
  return made;
}

/** One with each right alone, and one with all but each. */
async function everyKey(): Promise<Actor[]> {
  const scopes = [[], ...rights.map((one) => [one]), ...rights.map((one) => rights.filter((r) => r !== one))];
  return Promise.all(
    scopes.map(async (scope, n) => {
      const key = `walking-key-number-${n}`;
      await api.store.apiKeys.add({ name: key, hash: sha256(key), scopes: scope, createdAt: api.clock.now });
      return {
        name: `key ${scope.join(' ')}`,
        rights: scope,
        ask: (method: string, path: string, body?: object) =>
          api.ask(path, {
            ...{ method, headers: { authorization: `Bearer ${key}` } },
            ...(body ? { body: JSON.stringify(body) } : {}),
          }),
      };
    }),
  );
}

/** Ids that nothing has: what is looked at here is who is turned away, not what happens to the others. */
function toPath(pattern: string): string {
  const path = pattern.replaceAll(/\{[a-zA-Z]+\}/g, 'x1');
  return /^\/(healthz|readyz|metrics|r\/)/.test(path) ? path : `/api/v1${path}`;
}

async function codeOf(response: Response): Promise<string | undefined> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) {
    await response.body?.cancel();
    return undefined;
  }
  return ((await response.json()) as { code: string }).code;
}

describe('every route', () => {
  it('is in the table of who may ask, and nothing else is', async () => {
    const { paths } = await api.askJson<{ paths: Record<string, object> }>('/api/v1/openapi.json');
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
    const receiving = described.filter((route) => !/ \/push\//.test(route));
    expect(receiving.toSorted()).toEqual(Object.values(table).flat().toSorted());
  });

  it('turns away whoever has no right to it, before anything else, and nobody else', async () => {
    const wrong: string[] = [];
    let asked = 0;
    for (const [needed, routes] of Object.entries(table) as [Needed, string[]][]) {
      for (const route of routes.filter((one) => one !== 'DELETE /session')) {
        const [method = '', pattern = ''] = route.split(' ');
        for (const actor of actors) {
          const second = also[route];
          const may =
            (needed === 'any' || needed === 'open' || actor.rights.includes(needed)) &&
            (second === undefined || actor.rights.includes(second));
          const refused = (await codeOf(await actor.ask(method, toPath(pattern)))) === 'right-missing';
          asked++;
          if (refused === may) wrong.push(`${route} by ${actor.name}: ${refused ? 'refused' : 'let in'}`);
        }
        if (needed === 'open') continue;
        const stranger = await fetch(api.baseUrl + toPath(pattern), { method });
        if (stranger.status !== 401) wrong.push(`${route} by a stranger: ${stranger.status}`);
        await stranger.body?.cancel();
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(3_000);
  });
});

const receiver = 'https://receiver.example/push';
const elsewhere = { url: 'https://elsewhere.example/push', headers: {}, auth: null };

/** An endpoint as somebody made it who may: of records, or of notes alone. */
async function endpointOf(types: readonly string[]): Promise<string> {
  const body = { url: receiver, types, headers: { 'x-tenant': 'a' }, auth: { type: 'bearer', token: 't' } };
  const made = await api.askJson<{ id: string }>('/api/v1/endpoints', {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return made.id;
}

describe('what is needed to get audio by way of something else', () => {
  let ofRecords: string;
  let ofNotes: string;
  beforeAll(async () => {
    ofRecords = await endpointOf(['AlicomAgentCallRecord', 'AlicomAgentCallNote']);
    ofNotes = await endpointOf(['AlicomAgentCallNote', 'AlicomAgentCallReport']);
  });

  const withoutDownload = () => actors.filter(({ rights: has }) => !has.includes('download'));
  const operating = () => withoutDownload().filter(({ rights: has }) => has.includes('operate'));

  /** Each way, as method, path and body. */
  function waysAround(): [method: string, path: string, body?: object][] {
    const records = `/api/v1/endpoints/${ofRecords}`;
    const notes = `/api/v1/endpoints/${ofNotes}`;
    return [
      ...[
        ...[{}, { recordFile: 'archived', when: 'archived', start: 'beginning' }, { start: 'beginning' }],
        ...[{ types: ['AlicomAgentCallRecord'] }, { types: null }, { filter: { taskId: '118' } }],
        { types: ['AlicomAgentCallNote', 'AlicomAgentCallRecord'], recordFile: 'original' },
      ].map((body): [string, string, object] => ['POST', '/api/v1/endpoints', { url: receiver, ...body }]),
      ...[
        ...[
          elsewhere,
          { url: `${receiver}/other` },
          { url: `${receiver}?tenant=b` },
          { headers: { a: 'b' } },
        ],
        ...[{ auth: null }, { recordFile: 'archived' }, { when: 'archived' }, { filter: { taskId: '1' } }],
        // What was made for it while it got records goes to wherever it leads.
        ...[{ ...elsewhere, types: ['AlicomAgentCallNote'] }, { types: ['AlicomAgentCallRecord'] }],
      ].map((body): [string, string, object] => ['PATCH', records, body]),
      ...[{ types: null }, { types: ['AlicomAgentCallRecord'] }].map((body): [string, string, object] => [
        ...(['PATCH', notes] as const),
        body,
      ]),
      ...[{}, { dead: true }, { missed: true }, { afterSeq: 0 }, { from: '2020-01-01T00:00:00Z' }].flatMap(
        (body): [string, string, object][] => [
          ['POST', `${records}/replay`, body],
          ['POST', `${notes}/replay`, body],
        ],
      ),
      ['POST', '/api/v1/deliveries/d1/replay'],
    ];
  }

  it('turns away whoever may operate but not download, whichever way they go', async () => {
    const before = await api.askJson('/api/v1/endpoints');
    const through: string[] = [];
    for (const actor of operating()) {
      for (const [method, path, body] of waysAround()) {
        const code = await codeOf(await actor.ask(method, path, body));
        if (code !== 'right-missing') {
          through.push(`${method} ${path} ${JSON.stringify(body)} by ${actor.name}: ${code ?? 'done'}`);
        }
      }
    }
    expect(operating().length).toBeGreaterThan(5);
    expect(through).toEqual([]);
    expect(await api.askJson('/api/v1/endpoints')).toEqual(before);
    expect(await api.askJson(`/api/v1/replays?endpointId=${ofRecords}`)).toEqual({ items: [] });
  });

  it('leaves them what hands no audio to anybody', async () => {
    const [actor] = operating();
    if (!actor) throw new Error('nobody operates');
    const note = { url: receiver, types: ['AlicomAgentCallNote'], recordFile: 'archived' };
    expect((await actor.ask('POST', '/api/v1/endpoints', note)).status).toBe(201);
    for (const [method, path, body] of [
      ['PATCH', ofRecords, { name: 'Other', batchSize: 7, ratePerSecond: 3 }],
      ['PATCH', ofRecords, { recordFile: 'original', url: receiver }],
      ['PATCH', ofNotes, { ...elsewhere, when: 'archived' }],
      ['POST', `${ofRecords}/pause`],
      ['POST', `${ofRecords}/resume`],
      ['POST', `${ofRecords}/test`],
      ['POST', `${ofRecords}/replay`, { preview: true }],
    ] as const) {
      expect([path, body, (await actor.ask(method, `/api/v1/endpoints/${path}`, body)).status]).toEqual([
        ...[path, body, 200],
      ]);
    }
  });

  it('makes no ZIP and hands none over, and keeps the feed shut', async () => {
    const { jobs } = api.store;
    await jobs.create({
      ...{ id: 'zip', format: 'zip', request: '{}', ownerId: 'somebody', ownerName: 'S', createdAt: 1 },
    });
    for (const actor of withoutDownload()) {
      for (const [method, path, body] of [
        ['POST', '/api/v1/exports', { format: 'zip', filter: {} }],
        ['GET', '/api/v1/exports/zip/file'],
        ['GET', '/api/v1/messages?after=0'],
        ['GET', '/api/v1/recordings/r1/audio?download=true'],
      ] as const) {
        const response = await actor.ask(method, path, body);
        expect([actor.name, path, response.status]).toEqual([actor.name, path, expect.toBeOneOf([403, 404])]);
      }
    }
  });

  it('tells nothing of links in live events', async () => {
    const actor = withoutDownload().find(({ rights: has }) => has.includes('view'));
    const response = await actor?.ask('GET', '/api/v1/live');
    const reader = response?.body?.getReader();
    let told = '';
    for (let chunks = 0; chunks < 3; chunks++) {
      await api.push([record(`live^${chunks}`)]);
      api.notifier.notify();
      told += Buffer.from((await reader?.read())?.value ?? []).toString();
    }
    await reader?.cancel();
    expect(told).toContain('event: ');
    expect(told).not.toMatch(/Signature|oss-|aliyuncs/);
  });
});

describe('what is written of endpoints', () => {
  it('says where messages went and with which links, also once the endpoint is gone', async () => {
    const id = await endpointOf(['AlicomAgentCallRecord']);
    const path = `/api/v1/endpoints/${id}`;
    const ask = (method: string, at: string, body?: object) =>
      api.askJson(at, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const url = 'https://other.example:8443/in?token=secret-of-the-receiver';
    await ask('PATCH', path, { url, recordFile: 'archived', headers: {}, auth: null });
    await ask('POST', `${path}/replay`, { missed: true });
    await ask('POST', `${path}/test`);
    await api.ask(path, { method: 'DELETE' });
    const { items } = await api.askJson<{ items: { subject?: { id: string }; detail: object }[] }>(
      '/api/v1/audit?limit=100',
    );
    const told = items.filter(({ subject }) => subject?.id === id).map(({ detail }) => detail);
    const first = { origin: 'https://receiver.example', path: '/push', start: 'now', recordFile: 'original' };
    const after = { origin: 'https://other.example:8443', path: '/in', start: 'now', recordFile: 'archived' };
    expect(told).toMatchObject([after, after, after, { ...after, before: first }, first]);
    expect(JSON.stringify(items)).not.toContain('secret-of-the-receiver');
  });
});

describe('secrets of an endpoint', () => {
  const change = async (id: string, body: object) => {
    const response = await api.ask(`/api/v1/endpoints/${id}`, {
      ...{ method: 'PATCH', body: JSON.stringify(body) },
    });
    return [response.status, ((await response.json()) as { detail?: string }).detail];
  };

  it.each([
    'https://other.example/push',
    'http://receiver.example/push',
    'https://receiver.example:8443/push',
    'https://receiver.example.other.example/push',
  ])('are said again for another origin: %s', async (url) => {
    const id = await endpointOf(['AlicomAgentCallRecord']);
    const refused = (names: string) => [
      ...[400, `\`url\` leads to another origin: say ${names} again, or null for none.`],
    ];
    expect(await change(id, { url })).toEqual(refused('`auth` and `headers`'));
    expect(await change(id, { url, headers: {} })).toEqual(refused('`auth`'));
    expect(await change(id, { url, auth: null })).toEqual(refused('`headers`'));
    expect(await change(id, { url, auth: null, headers: null })).toEqual([200, undefined]);
    const { settings } = (await api.store.endpoints.get(id)) ?? {};
    expect(settings).toMatchObject({ url, headers: {} });
    expect(settings?.auth).toBeUndefined();
  });

  it.each(['https://receiver.example/other?a=b', 'HTTPS://Receiver.example:443/push'])(
    'stay at the same origin: %s',
    async (url) => {
      const id = await endpointOf(['AlicomAgentCallRecord']);
      expect(await change(id, { url })).toEqual([200, undefined]);
      expect((await api.store.endpoints.get(id))?.settings.auth).toEqual({ kind: 'bearer', token: 't' });
    },
  );
});
