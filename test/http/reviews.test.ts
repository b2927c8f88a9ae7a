import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallDetail, CallPage } from '../../src/contract/calls.js';
import {
  type CommentList,
  Comment,
  type SavedViewList,
  SavedView,
  type CallTags,
  type TagList,
} from '../../src/contract/reviews.js';
import type { Problem } from '../../src/contract/problem.js';
import type { Right } from '../../src/domain/rights.js';
import { openTestApi, record, sha256, type TestApi } from './open-test-api.js';

const callId = '100001612345^100001815678';
const path = `/api/v1/calls/${encodeURIComponent(callId)}`;

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
  await api.push([record(callId)]);
});
afterEach(() => api.close());

/** Another who asks: a key with these rights. */
async function makeKey(name: string, ...scopes: Right[]) {
  const key = `key-of-${name}-0123456789`;
  await api.store.apiKeys.add({ name, hash: sha256(key), scopes, createdAt: api.clock.now });
  return (askedPath: string, init: RequestInit = {}) =>
    api.ask(askedPath, { ...init, headers: { authorization: `Bearer ${key}` } });
}

function send(method: string, body: unknown): RequestInit {
  return { method, body: JSON.stringify(body) };
}

async function codeOf(response: Response): Promise<unknown> {
  return [response.status, ((await response.json()) as Problem).code];
}

describe('comments', () => {
  it('are written at an instant of a recording, listed in its order, changed and removed', async () => {
    const { recordings } = await api.askJson<CallDetail>(path);
    const at = { recordingId: recordings[0]?.id, atSeconds: 12.5 };
    await api.askJson(`${path}/comments`, send('POST', { text: 'Later.', ...at }));
    api.clock.now += 1_000;
    const first = { ...at, text: 'Earlier.', atSeconds: 3 };
    const comment = await api.askJson<Comment>(`${path}/comments`, send('POST', first));
    expect([...Value.Errors(Comment, comment)]).toEqual([]);
    const { items } = await api.askJson<CommentList>(`${path}/comments`);
    expect(items.map(({ text }) => text)).toEqual(['Earlier.', 'Later.']);

    const changed = await api.askJson<Comment>(
      `/api/v1/comments/${comment.id}`,
      send('PATCH', { text: 'Corrected.' }),
    );
    expect(changed).toMatchObject({ text: 'Corrected.', atSeconds: 3, editedAt: expect.any(String) });
    expect((await api.ask(`/api/v1/comments/${comment.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await codeOf(await api.ask(`/api/v1/comments/${comment.id}`, { method: 'DELETE' }))).toEqual([
      404,
      'comment-unknown',
    ]);
  });

  it('belong to a call and to a recording of it', async () => {
    await api.push([record('2^2')]);
    const other = await api.askJson<CallDetail>('/api/v1/calls/2%5E2');
    const wrong = { text: 'x', recordingId: other.recordings[0]?.id };
    expect(await codeOf(await api.ask(`${path}/comments`, send('POST', wrong)))).toEqual([
      400,
      'body-invalid',
    ]);
    const nowhere = { text: 'x', atSeconds: 3 };
    expect(await codeOf(await api.ask(`${path}/comments`, send('POST', nowhere)))).toEqual([
      400,
      'body-invalid',
    ]);
    expect(await codeOf(await api.ask('/api/v1/calls/none/comments', send('POST', { text: 'x' })))).toEqual([
      404,
      'call-unknown',
    ]);
  });

  it('are changed by whoever wrote them, and removed by administrators, too', async () => {
    const one = await makeKey('one', 'view', 'review');
    const other = await makeKey('other', 'view', 'review');
    const viewer = await makeKey('viewer', 'view');
    const comment = (await (
      await one(`${path}/comments`, send('POST', { text: 'Mine.' }))
    ).json()) as Comment;
    expect(comment.author.name).toBe('one');
    const own = `/api/v1/comments/${comment.id}`;
    expect(await codeOf(await other(own, send('PATCH', { text: 'x' })))).toEqual([403, 'comment-of-another']);
    expect(await codeOf(await other(own, { method: 'DELETE' }))).toEqual([403, 'comment-of-another']);
    expect(await codeOf(await viewer(`${path}/comments`, send('POST', { text: 'x' })))).toEqual([
      403,
      'right-missing',
    ]);
    expect(await codeOf(await api.ask(own, send('PATCH', { text: 'x' })))).toEqual([
      403,
      'comment-of-another',
    ]);
    expect((await api.ask(own, { method: 'DELETE' })).status).toBe(204);
  });

  it('are told of in the audit log, with the call they are about and not their text', async () => {
    await api.askJson(`${path}/comments`, send('POST', { text: 'A thing that was said.' }));
    const { items } = await api.store.auditLogReader.list({ limit: 1 });
    expect(items[0]).toMatchObject({
      action: 'comment.created',
      subject: { kind: 'call', id: callId },
      detail: { comment: expect.any(String) },
    });
    expect(JSON.stringify(items)).not.toContain('said');
  });
});

describe('tags', () => {
  it('are given and taken, shown with calls, and found by', async () => {
    await api.push([record('2^2')]);
    await api.askJson(`${path}/tags/${encodeURIComponent('退款')}`, { method: 'PUT' });
    const { tags } = await api.askJson<CallTags>(`${path}/tags/angry`, { method: 'PUT' });
    expect(tags).toEqual(['angry', '退款']);
    // Again: nothing changes.
    await api.askJson(`${path}/tags/angry`, { method: 'PUT' });
    await api.askJson('/api/v1/calls/2%5E2/tags/angry', { method: 'PUT' });
    expect((await api.askJson<TagList>('/api/v1/tags')).items).toEqual([
      { tag: 'angry', calls: 2 },
      { tag: '退款', calls: 1 },
    ]);

    const found = await api.askJson<CallPage>(`/api/v1/calls?tag=${encodeURIComponent('退款')}`);
    expect(found.items.map((call) => [call.callId, call.tags])).toEqual([[callId, ['angry', '退款']]]);
    expect(await api.askJson<CallDetail>(path)).toMatchObject({ tags: ['angry', '退款'] });

    const left = await api.askJson<CallTags>(`${path}/tags/angry`, { method: 'DELETE' });
    expect(left.tags).toEqual(['退款']);
    await api.askJson<CallTags>(`${path}/tags/${encodeURIComponent('退款')}`, { method: 'DELETE' });
    expect(await api.askJson<CallDetail>(path)).not.toHaveProperty('tags');
  });

  it.each(['a,b', ' ', 'x\u0007y', 'x'.repeat(61)])('are no %j', async (tag) => {
    expect(await codeOf(await api.ask(`${path}/tags/${encodeURIComponent(tag)}`, { method: 'PUT' }))).toEqual(
      [400, 'parameter-invalid'],
    );
  });

  it('are the same however their letters are composed', async () => {
    await api.askJson(`${path}/tags/${encodeURIComponent('u\u0308ber')}`, { method: 'PUT' });
    const { tags } = await api.askJson<CallTags>(`${path}/tags/${encodeURIComponent('\u00fcber')}`, {
      method: 'DELETE',
    });
    expect(tags).toEqual([]);
  });

  it('need a call', async () => {
    expect(await codeOf(await api.ask('/api/v1/calls/none/tags/x', { method: 'PUT' }))).toEqual([
      404,
      'call-unknown',
    ]);
  });
});

describe('saved views', () => {
  it('are for oneself, or for everybody by those who review', async () => {
    const one = await makeKey('one', 'view', 'review');
    const viewer = await makeKey('viewer', 'view');
    const own = { name: 'Mine', query: 'state=lost' };
    expect((await viewer('/api/v1/views', send('POST', own))).status).toBe(201);
    const shared = { name: 'Ours', query: 'tag=angry', isShared: true };
    expect(await codeOf(await viewer('/api/v1/views', send('POST', shared)))).toEqual([403, 'right-missing']);
    const made = (await (await one('/api/v1/views', send('POST', shared))).json()) as SavedView;
    expect([...Value.Errors(SavedView, made)]).toEqual([]);

    const { items } = (await (await viewer('/api/v1/views')).json()) as SavedViewList;
    expect(items.map(({ name, isMine, ownerName }) => [name, isMine, ownerName])).toEqual([
      ['Mine', true, 'viewer'],
      ['Ours', false, 'one'],
    ]);
    const path = `/api/v1/views/${made.id}`;
    expect(await codeOf(await viewer(path, send('PATCH', { name: 'x' })))).toEqual([404, 'view-unknown']);
    expect(await codeOf(await viewer(path, { method: 'DELETE' }))).toEqual([404, 'view-unknown']);
    expect(await (await one(path, send('PATCH', { name: 'Everybody’s' }))).json()).toMatchObject({
      name: 'Everybody’s',
      query: 'tag=angry',
      isShared: true,
    });
    // An administrator tidies what everybody sees.
    expect((await api.ask(path, { method: 'DELETE' })).status).toBe(204);
  });
});
