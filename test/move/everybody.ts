import { createAccount, newSession } from '../conformance/people.js';
import type { StoreUnderTest } from '../conformance/store-under-test.js';
import { testStart } from '../support/temporary-store.js';

const hour = 3_600_000;

/** One of everything that people may have done; call 1^1 is there. */
export async function fillWithPeople(store: StoreUnderTest): Promise<void> {
  const { id } = await createAccount(store, '王 \u0000 芳', {
    ...{
      displayName: 'Wang',
      role: 'operator',
      mayListen: true,
      mayDownload: false,
      passwordHash: '$argon2id$',
    },
    identity: { issuer: 'https://id.example', subject: '1' },
  });
  await store.secondFactors.set(id, {
    secret: 'A'.repeat(32),
    takenStep: 58_000_000,
    recoveryHashes: ['ab'],
  });
  await store.passkeys.add(
    {
      ...{ id: 'k1', accountId: id, name: '手机', publicKey: 'pQECAyYg', counter: 3, transports: ['usb'] },
      createdAt: testStart,
    },
    1,
  );
  await createAccount(store, 'root', { role: 'administrator' });
  await store.accounts.change('id-root', { lastSeenAt: testStart + 1 });
  await store.sessions.open(newSession('h1', id, { userAgent: 'Firefox', expiresAt: testStart + hour }));
  await store.auditLog.append([
    {
      ...{ at: testStart, actor: { kind: 'account', id, name: '王 \ud800' }, action: 'call.viewed' },
      ...{ subject: { kind: 'call', id: '1^1' }, detail: { page: 1, of: ['漢'] }, address: '::1' },
    },
    { at: testStart + 1, actor: { kind: 'earshot', id: 'earshot', name: '' }, action: 'job.expired' },
  ]);
  await store.sources.create({ id: 's1', name: 'branch', token: 't1', now: testStart });
  await store.sources.rotate('s1', 't2', testStart + hour);
  await store.sources.count([{ name: 'branch', pushes: 7, lastPushAt: testStart }]);
  const owner = { ownerId: id, ownerName: '王 芳', createdAt: testStart };
  await store.savedViews.create({ id: 'v1', name: 'lost', isShared: true, query: 'state=lost', ...owner });
  await fillReviews(store, id);
  for (const job of ['j1', 'j2', 'j3'])
    await store.jobs.create({ id: job, format: 'zip', request: '{}', ...owner });
  const claimed = await store.jobWork.claim(testStart, testStart + hour);
  const progress = { done: 2, total: 2, bytes: 5_000_000_000 };
  if (claimed)
    await store.jobWork.end(
      claimed.lease,
      { state: 'done', fileName: 'j1.zip', sha256: 'ab'.repeat(32), expiresAt: testStart + hour, progress },
      testStart + 5,
    );
  await store.jobWork.claim(testStart, testStart + hour);
  await store.hours.add([{ hour: testStart, name: 'archivedBytes', value: 5_000_000_000 }]);
}

async function fillReviews(store: StoreUnderTest, authorId: string): Promise<void> {
  const author = { authorId, authorName: '王 芳', createdAt: testStart };
  await store.comments.add({
    id: 'c1',
    callId: '1^1',
    recordingId: 'r1',
    atSeconds: 1.5,
    text: '好',
    ...author,
  });
  await store.comments.add({ id: 'c2', callId: '1^1', text: '\u0000', ...author, editedAt: testStart + 1 });
  await store.tags.add('1^1', '质检', authorId, testStart);
  await store.tags.add('1^1', 'good', authorId, testStart);
}

/** Everything that can be asked about people and their work, of the calls with these ids. */
export async function tellPeople(store: StoreUnderTest, callIds: readonly string[]): Promise<unknown> {
  const accounts = await store.accounts.list();
  const told: unknown[] = [];
  for (const { id, name } of accounts) {
    told.push({
      account: await store.accounts.findByName(name),
      sessions: await store.sessions.listOf(id, testStart),
      views: await store.savedViews.list(id),
    });
  }
  const tags = await store.tags.list();
  return {
    accounts: told,
    audit: await store.auditLogReader.read(0, 10_000),
    sources: [await store.sources.list(), await store.sources.counts()],
    comments: await Promise.all(callIds.map((callId) => store.comments.ofCall(callId))),
    tags: [tags, await store.tags.ofCalls(callIds)],
    tagged: await Promise.all(tags.map(({ tag }) => store.calls.search({ tag, limit: 100 }))),
    jobs: await store.jobs.list({ limit: 1_000 }),
    hours: await store.hours.since(0),
  };
}
