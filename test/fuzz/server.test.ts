import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/identity.js';
import { canonicalJson } from '../../src/protocol/canonical-json.js';
import { messageTypes, type MessageType } from '../../src/protocol/message.js';
import { drawOne, seededRandom } from '../../src/simulator/seeded-random.js';
import { sortPush } from '../../src/sort/sort-push.js';
import {
  askStatusOf,
  readFeed,
  readQuarantine,
  readQuarantined,
  untilSettled,
} from '../support/api-reader.js';
import { openPushSender, type PushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcess, type ServerProcesses } from '../support/server-process.js';
import { rounds } from '../support/test-run.js';
import { createHostileBodies, extremeBodies } from './hostile-bodies.js';

const bodies = rounds(800, 4_000);
const concurrency = 24;

let processes: ServerProcesses;
let server: ServerProcess;
let url: string;
let sender: PushSender;

beforeEach(async () => {
  processes = await openServerProcesses();
  server = processes.spawn();
  url = await server.url;
  sender = openPushSender(url, 60_000);
});

afterEach(async () => {
  sender.close();
  await processes.close();
});

interface Sent {
  readonly bytes: Buffer;
  readonly pathType?: MessageType;
}

describe('A server that is sent hostile bodies', () => {
  it(`answers each of ${bodies}, lives, and holds every item of theirs in the feed or in quarantine`, async () => {
    const random = seededRandom('server', 1);
    const next = createHostileBodies(random);
    const sent: Sent[] = Array.from({ length: bodies }, () => ({
      bytes: next().bytes,
      ...(random() < 0.1 ? { pathType: drawOne(random, messageTypes) } : {}),
    }));
    // A fifth of what the sorter's own test is given: the id of a million digits makes each comparison with it slow.
    sent.push(...extremeBodies(20_000).map(({ bytes }) => ({ bytes })));

    const { answers, sentAgain } = await pushAll(sent);

    expect([...answers]).toEqual(['200 number']);
    await untilSettled(url);
    const expected = whatShouldBeThere(sent);
    const feed = await readFeed(url);
    const found = feed.map(({ type, callId, text }) =>
      nameOf(type, callId, digestOf(canonicalJson(text, JSON.parse(text)))),
    );
    expect(difference(found, expected.messages)).toEqual([]);
    // What was refused for want of time may have been kept all the same: there may be two of it.
    const odd = difference(await readQuarantinedBodies(), expected.quarantined);
    const twice = whatShouldBeThere(sentAgain).quarantined.map((name) => `too many: ${name}`);
    expect(odd.filter((line) => !twice.includes(line))).toEqual([]);
    expect(server.words()).not.toMatch(/died|could not go on/);
    expect(await askStatusOf(url, '/readyz')).toBe(200);
  });

  it('refuses what is larger than 64 MiB with 413, and goes on', async () => {
    const answer = await sender.push(Buffer.alloc(64 * 1024 * 1024 + 1, 0x20));
    // It may hang up on a sender that does not stop: then there is no answer to read.
    if (answer.status !== 0) expect(answer).toMatchObject({ status: 413, code: 413 });
    expect(await sender.push('[]')).toMatchObject({ status: 200, code: 0 });
  });
});

/** Every kind of answer there was but 503, after which a push is sent again, as its sender would. */
async function pushAll(sent: readonly Sent[]): Promise<{ answers: Set<string>; sentAgain: Sent[] }> {
  const answers = new Set<string>();
  const sentAgain: Sent[] = [];
  const waiting = [...sent];
  const lane = async () => {
    for (let push = waiting.pop(); push; push = waiting.pop()) {
      const { status, code } = await sender.push(
        push.bytes,
        push.pathType ? { path: `/${push.pathType}` } : {},
      );
      if (status === 503 && sentAgain.length < bodies / 10) {
        sentAgain.push(push);
        waiting.unshift(push);
      } else answers.add(`${status} ${typeof code}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { answers, sentAgain };
}

/**
 * What sorting makes of them, which the other tests here compare with plain parsing. Of equal messages any
 * may have come first: they are compared by identity, quarantined bodies one by one.
 */
function whatShouldBeThere(sent: readonly Sent[]): { messages: string[]; quarantined: string[] } {
  const messages = new Set<string>();
  const quarantined: string[] = [];
  for (const { bytes, pathType } of sent) {
    const origin = { id: 1, receivedAt: 0, source: 'fuzz', remoteAddress: '' };
    const sorted = sortPush({ ...origin, body: bytes, ...(pathType ? { pathType } : {}) });
    for (const { type, callId, digest } of sorted.messages) messages.add(nameOf(type, callId, digest));
    for (const { body } of sorted.quarantined) quarantined.push(shortened(Buffer.from(body)));
  }
  return { messages: [...messages], quarantined };
}

function nameOf(type: string, callId: string, digest: Uint8Array): string {
  return `${type} ${shortened(Buffer.from(callId))} ${Buffer.from(digest).toString('hex')}`;
}

/** Some bodies are of megabytes: a failure should show something that can be read. */
function shortened(bytes: Buffer): string {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `${bytes.length} bytes ${digest} ${bytes.subarray(0, 60).toString('latin1')}`;
}

async function readQuarantinedBodies(): Promise<string[]> {
  const waiting = (await readQuarantine(url)).map(({ id }) => id);
  const bodies: string[] = [];
  const lane = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      bodies.push(shortened(await readQuarantined(url, id)));
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return bodies;
}

/** The first few that are in one list more often than in the other. */
function difference(found: readonly string[], expected: readonly string[]): string[] {
  const balance = new Map<string, number>();
  for (const name of found) balance.set(name, (balance.get(name) ?? 0) + 1);
  for (const name of expected) balance.set(name, (balance.get(name) ?? 0) - 1);
  return [...balance]
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${count > 0 ? 'too many' : 'missing'}: ${name}`)
    .slice(0, 10);
}
