import type { StoreUnderTest } from '../conformance/store-under-test.js';
import { archived, blocked, drive, lost, retryAt } from '../conformance/store-under-test.js';
import {
  driveDispatch,
  dead,
  delivered,
  halvedInto,
  range,
  retryAt as pushAgainAt,
} from '../conformance/dispatch-driver.js';
import { noteOf, recordOf, reportOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { fillWithPeople } from './everybody.js';

const hour = 3_600_000;
const day = 24 * hour;

/** One of everything that a store may hold, odd texts included, over several months. */
export async function fillWithEverything(store: StoreUnderTest): Promise<void> {
  const driven = drive(store);
  await store.inbox.append(
    ['[{}]', '\u0000', ''].map((body, index) => ({
      receivedAt: testStart + index,
      source: 'default',
      remoteAddress: '203.0.113.7',
      body: Buffer.from(body),
      ...(index === 1
        ? { pathType: 'AlicomAgentCallRecord' as const, contentEncoding: 'gzip', charset: 'GBK' }
        : {}),
    })),
  );
  const [first] = await store.inboxReader.read(0, 1, 1);
  await driven.append(
    [recordOf('1^1'), reportOf('1^1'), noteOf('odd \u0000 \ud800 ^ \uFFFE0041', { outId: '\u0000' })],
    [
      {
        pushId: 1,
        itemIndex: -1,
        receivedAt: testStart,
        source: 'default',
        reason: 'not-json',
        body: Buffer.from([0, 255, 128]),
      },
      {
        pushId: 1,
        itemIndex: 3,
        receivedAt: testStart,
        source: 'default',
        reason: 'no-call-id',
        body: Buffer.from('{}'),
      },
    ],
    first?.id ?? 0,
  );
  await store.quarantineWriter.discard('q1');
  await driven.project();
  await driven.conclude('1^1', archived, testStart + hour);
  for (const [callId, verdict] of [
    ['2^1', lost],
    ['2^2', blocked],
    ['2^3', retryAt(testStart + day)],
  ] as const) {
    await driven.take(recordOf(callId));
    await driven.conclude(callId, verdict, testStart + hour);
  }
  await driven.take(recordOf('2^4'), recordOf('2^5'));
  await driven.claim({ limit: 1 });
  await store.journalWriter.append({
    messages: range(1, 40).map((number) => ({
      type: 'AlicomAgentCallNote',
      callId: `later^${number}`,
      digest: Buffer.alloc(16, number),
      text: JSON.stringify(noteOf(`later^${number}`, { text: '漢字 \u2028 😀' })),
      receivedAt: testStart + number * 10 * day,
      source: 'default',
    })),
    quarantined: [],
  });
  await driven.project();
  await fillSending(store);
  await fillWithPeople(store);
  await store.apiKeys.add({ name: 'one', hash: 'ab'.repeat(32), scopes: ['view'], createdAt: testStart });
  await store.linkKeysWriter.rotate(
    { id: 'k1', secret: 'a'.repeat(43), createdAt: testStart },
    testStart + day,
  );
  await store.linkKeysWriter.rotate(
    { id: 'k2', secret: 'b'.repeat(43), createdAt: testStart + hour },
    testStart + day,
  );
}

async function fillSending(store: StoreUnderTest): Promise<void> {
  const sending = driveDispatch(store);
  const { id, lease } = await sending.serve();
  const deadOne = await sending.conclude(lease, 0, [1, 2, 3], dead);
  await sending.conclude(lease, 3, [4], delivered);
  const halved = await sending.cutOne(lease, 4, [5, 6, 9, 10]);
  await sending.settle(lease, halved, halvedInto([5, 6], [9, 10]));
  const waiting = await sending.cutOne(lease, 10, [11, 12]);
  await sending.settle(lease, waiting, pushAgainAt(testStart + day), {
    health: { failuresInARow: 3, probeAt: testStart + hour },
  });
  await store.replaysWriter.replayDelivery(deadOne, 'again', testStart + hour);
  await store.replaysWriter.start(id, { kind: 'dead' }, testStart);
  await store.replaysWriter.start(id, { kind: 'window', afterSeq: 0, untilSeq: 5, missed: true }, testStart);
  await store.endpointsWriter.change(id, { isPaused: true });
  await store.endpointsWriter.rotateSecret(
    id,
    { secret: 'whsec_new', createdAt: testStart },
    testStart + day,
  );
  const removed = await sending.create();
  await store.endpointsWriter.remove(removed.id);
}
