import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteOf, recordOf, reportOf, type Fields } from '../../test/support/make-message.js';
import { endpointDefaults, type EndpointFilter } from '../domain/endpoint.js';
import { messageTypes, tellMessageType } from '../protocol/message.js';
import type { Entry, EntryType } from '../store/journal.js';
import { isStillHeld, readStories, storyOfRecord } from './recording-story.js';
import { select, wants, type Wishes } from './select-messages.js';

const callId = '1^2';
const entryOf = (seq: number, fields: Fields, type: EntryType = tellMessageType(fields)!): Entry => ({
  ...{ seq, type, callId, receivedAt: 1_000 + seq, source: 'default' },
  text: JSON.stringify({ callId, ...fields }),
});
const recordAt = (seq: number, path = 'a', signature = 's') =>
  entryOf(seq, { recordFile: `http://host.example/${path}.wav?Signature=${signature}` });
const archivedAt = (seq: number, recordingId = 'r1') => entryOf(seq, { recordingId }, 'recording.archived');
const lostAt = (seq: number, linkSeq: number, recordingId = 'r1') =>
  entryOf(seq, { recordingId, linkSeq, reason: 'expired' }, 'recording.lost');

const wishes = (more: Partial<Wishes> = {}): Wishes => ({ ...endpointDefaults, ...more });

/** What an endpoint gets of these entries, as [message, when it was read]. */
async function sentOf(entries: readonly Entry[], what: Wishes): Promise<[number, number][]> {
  const sent: [number, number][] = [];
  const history = { entries, stories: readStories(entries) };
  for (const entry of entries) {
    for (const { seq, readAt } of await select(entry, what, () => Promise.resolve(history))) {
      sent.push([seq, readAt]);
    }
  }
  return sent;
}

describe('what an endpoint wants', () => {
  const fits = (filter: EndpointFilter, fields: Fields) => wants(entryOf(1, fields), wishes({ filter }));

  it('is told by type', () => {
    const entries = [recordOf('x'), reportOf('x'), noteOf('x')].map((fields, i) => entryOf(i + 1, fields));
    for (const type of messageTypes) {
      expect(entries.filter((entry) => wants(entry, wishes({ types: [type] })))).toHaveLength(1);
    }
    expect(wants(archivedAt(4), wishes())).toBe(false);
  });

  it('is told by task, batch, prefix of the outId and duration, all of them', () => {
    const fields = reportOf('x', { taskId: 't', batchId: 'b', outId: 'crm-17', duration: '30' });
    const filter = { taskId: 't', batchId: 'b', outIdPrefix: 'crm-', minDurationSeconds: 30 };
    expect(fits(filter, fields)).toBe(true);
    for (const wrong of [
      { taskId: 'u' },
      { batchId: '' },
      { outIdPrefix: 'x' },
      { minDurationSeconds: 31 },
    ]) {
      expect(fits({ ...filter, ...wrong }, fields)).toBe(false);
    }
    expect(fits({ minDurationSeconds: 0 }, reportOf('x'))).toBe(false);
    expect(fits({ outIdPrefix: '' }, reportOf('x'))).toBe(false);
  });

  it('reads ids that came as numbers by all of their digits', () => {
    const entry = { ...entryOf(1, reportOf('x')), text: '{"callId":"x","taskId":12345678901234567891}' };
    expect(wants(entry, wishes({ filter: { taskId: '12345678901234567891' } }))).toBe(true);
    expect(wants(entry, wishes({ filter: { taskId: '12345678901234567890' } }))).toBe(false);
  });
});

describe('an endpoint that wants messages as they are received', () => {
  it('gets each in its place, and no events', async () => {
    const entries = [recordAt(1), entryOf(2, reportOf('x')), archivedAt(3), recordAt(4)];
    expect(await sentOf(entries, wishes())).toEqual([
      [1, 1],
      [2, 2],
      [4, 4],
    ]);
  });
});

describe('an endpoint that waits for recordings', () => {
  const waiting = wishes({ when: 'archived' });

  it('gets a record when its recording is archived, and other messages at once', async () => {
    const entries = [
      recordAt(1),
      entryOf(2, reportOf('x')),
      entryOf(3, { recordFile: 'no link' }),
      archivedAt(4),
    ];
    expect(await sentOf(entries, waiting)).toEqual([
      [2, 2],
      [3, 3],
      [1, 4],
    ]);
  });

  it('gets what comes after that at once', async () => {
    expect(await sentOf([recordAt(1), archivedAt(2), recordAt(3, 'a', 'fresh')], waiting)).toEqual([
      [1, 2],
      [3, 3],
    ]);
  });

  it('gets a record whose recording was lost, and waits again when a fresh link revives it', async () => {
    const entries = [
      recordAt(1),
      lostAt(2, 1),
      recordAt(3, 'a', 's'),
      recordAt(4, 'a', 'fresh'),
      archivedAt(5),
    ];
    expect(await sentOf(entries, waiting)).toEqual([
      [1, 2],
      [3, 3],
      [4, 5],
    ]);
  });

  it('waits for each recording of a call by itself', async () => {
    const entries = [recordAt(1, 'a'), recordAt(2, 'b'), archivedAt(3, 'r2'), archivedAt(4, 'r1')];
    expect(await sentOf(entries, waiting)).toEqual([
      [2, 3],
      [1, 4],
    ]);
  });

  it('waits for one that was published here, which is archived with the next entry', async () => {
    const entries = [
      entryOf(1, { recordFile: 'earshot:r1' }),
      archivedAt(2),
      entryOf(3, { recordFile: 'earshot:r1' }),
    ];
    expect(await sentOf(entries, waiting)).toEqual([
      [1, 2],
      [3, 3],
    ]);
  });

  it('gets no message twice, and each once nothing holds it, whatever happens in which order', async () => {
    const step = fc.oneof(
      fc.record({ path: fc.constantFrom('a', 'b'), signature: fc.constantFrom('s', 't', 'u') }),
      fc.record({ event: fc.constantFrom('archived', 'lost'), of: fc.nat({ max: 1 }), link: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const entries: Entry[] = [];
        const firstOf = (path: string) => entries.find(({ text }) => text.includes(`/${path}.wav`))?.seq;
        for (const each of steps) {
          const seq = entries.length + 1;
          if ('path' in each) {
            entries.push(recordAt(seq, each.path, each.signature));
            continue;
          }
          const path = each.of === 0 ? 'a' : 'b';
          const first = firstOf(path);
          if (first === undefined) continue;
          const links = entries.filter(({ text }) => text.includes(`/${path}.wav`)).map((entry) => entry.seq);
          const linkSeq = links[each.link % links.length]!;
          entries.push(
            each.event === 'archived' ? archivedAt(seq, `r${first}`) : lostAt(seq, linkSeq, `r${first}`),
          );
        }
        const sent = (await sentOf(entries, waiting)).map(([seq]) => seq);
        expect(new Set(sent).size).toBe(sent.length);
        const stories = readStories(entries);
        for (const { seq, type } of entries) {
          if (type !== 'AlicomAgentCallRecord') continue;
          expect(sent.includes(seq)).toBe(!isStillHeld(storyOfRecord(stories, seq)!, seq));
        }
      }),
    );
  });
});
