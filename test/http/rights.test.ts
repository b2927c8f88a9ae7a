import { readFile } from 'node:fs/promises';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditActions } from '../../src/domain/audit-actions.js';
import type { Right } from '../../src/domain/rights.js';
import type { Api } from '../../src/http/api.js';
import { demandRights } from '../../src/http/rights.js';
import { until } from '../support/until.js';
import { openTestApi, record, sha256, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await api.push([record('1^1')]);
});
afterAll(() => api.close());

async function keyWith(...scopes: Right[]): Promise<RequestInit> {
  const key = `key-with-${scopes.join('-')}`;
  await api.store.apiKeys.add({ name: key, hash: sha256(key), scopes, createdAt: api.clock.now });
  return { headers: { authorization: `Bearer ${key}` } };
}

describe('rights', () => {
  it('are demanded of every route: one that says none cannot be added', () => {
    const bare = Fastify() as unknown as Api;
    demandRights(bare);
    expect(() => bare.get('/api/v1/forgotten', () => 'open to all')).toThrow('/api/v1/forgotten');
    expect(() => bare.get('/told', { config: { right: 'view' } }, () => '')).not.toThrow();
  });

  it('of a key open what they are for and nothing else', async () => {
    const viewing = await keyWith('view');
    expect((await api.ask('/api/v1/calls', viewing)).status).toBe(200);
    const refused = await api.ask('/api/v1/messages', viewing);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      code: 'right-missing',
      detail: 'This key has no right to `download`.',
    });
    expect((await api.ask('/api/v1/endpoints', { method: 'POST', ...viewing })).status).toBe(403);
    const operating = await keyWith('operate');
    expect((await api.ask('/api/v1/quarantine', operating)).status).toBe(200);
    expect((await api.ask('/api/v1/calls', operating)).status).toBe(403);
    expect((await api.ask('/api/v1/openapi.json', operating)).status).toBe(200);
  });

  it('say nothing about what there is: unknown addresses answer 404 and wrong methods 405 to any key', async () => {
    const viewing = await keyWith('view', 'review');
    expect((await api.ask('/api/v1/there-is-nothing', viewing)).status).toBe(404);
    expect((await api.ask('/api/v1/quarantine', { method: 'PUT', ...viewing })).status).toBe(405);
  });
});

describe('the audit log', () => {
  const logged = async () => (await api.store.auditLogReader.list({ limit: 100 })).items;

  it('tells who looked at which call before the answer, and nothing of what was refused', async () => {
    await api.ask('/api/v1/calls/1%5E1', await keyWith('view', 'export'));
    const [last, ...before] = await logged();
    expect(last).toMatchObject({
      actor: { kind: 'key', name: 'key-with-view-export' },
      action: 'call.viewed',
      subject: { kind: 'call', id: '1^1' },
      address: '127.0.0.1',
    });
    expect((await api.ask('/api/v1/calls/unknown')).status).toBe(404);
    expect((await api.ask('/api/v1/recordings/r999/retry', { method: 'POST' })).status).toBe(404);
    expect(await logged()).toHaveLength(before.length + 1);
  });

  it('refuses what it cannot tell of, and tells afterwards that something is missing', async () => {
    const { auditLog } = api.store;
    const append = auditLog.append;
    let isBroken = true;
    auditLog.append = (records) =>
      isBroken ? Promise.reject(new Error('the disk is full')) : append(records);
    try {
      const look = await api.ask('/api/v1/calls/1%5E1');
      expect(look.status).toBe(503);
      expect(await look.text()).not.toContain('callId');
      const change = await api.ask('/api/v1/endpoints', {
        method: 'POST',
        body: '{"url":"https://a.example"}',
      });
      expect(change.status).toBe(503);
      expect(await api.askJson('/api/v1/endpoints')).toMatchObject({ items: [] });
      isBroken = false;
      expect((await api.ask('/api/v1/calls/1%5E1')).status).toBe(200);
    } finally {
      auditLog.append = append;
    }
    const [look, gap] = await logged();
    expect(look).toMatchObject({ action: 'call.viewed', actor: { kind: 'administrator-key' } });
    expect(gap).toMatchObject({ action: 'audit.interrupted', detail: { acts: 1 } });
  });

  it('tells who was turned away, grouped, and of wrong passwords once', async () => {
    const viewing = await keyWith('view', 'listen');
    for (let times = 0; times < 20; times++) await api.ask('/api/v1/messages?after=7', viewing);
    await fetch(`${api.baseUrl}/api/v1/calls/some-id`);
    const refused = async () =>
      (await logged()).filter(({ action, actor }) => {
        return action === 'request.refused' && actor.name !== 'key-with-view';
      });
    await until(async () => (await refused()).length >= 2, { what: 'both are told of' });
    const told = (await refused()).map(({ actor, detail }) => [actor.name, detail]);
    expect(told).toContainEqual([
      'key-with-view-listen',
      { code: 'right-missing', method: 'GET', route: '/api/v1/messages', times: 1 },
    ]);
    expect(told).toContainEqual([
      'nobody',
      { code: 'key-required', method: 'GET', route: '/api/v1/calls/:callId', times: 1 },
    ]);
  });

  it('has a word for each of its actions in docs/audit.md', async () => {
    const page = await readFile(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    const told = [...page.matchAll(/^\| `([a-z]+\.[a-z-]+)` \|/gm)].map(([, word]) => word);
    expect(told.toSorted()).toEqual([...auditActions].toSorted());
  });
});
