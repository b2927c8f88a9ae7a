import { describe, expect, it } from 'vitest';
import { auditHash, chainStart, findBreak } from '../../src/store/audit-chain.js';
import type { AuditQuery, NewAuditRecord } from '../../src/store/audit-log.js';
import { testStart } from '../support/temporary-store.js';
import { useStore, type OpenStore } from './store-under-test.js';

const start = { seq: 0, hash: chainStart };

function viewed(callId: string, more: Partial<NewAuditRecord> = {}): NewAuditRecord {
  return {
    at: testStart,
    actor: { kind: 'account', id: 'id-a', name: 'Ann' },
    action: 'call.viewed',
    subject: { kind: 'call', id: callId },
    ...more,
  };
}

export function describeAudit(open: OpenStore): void {
  const store = useStore(open);
  const readAll = () => store().auditLogReader.read(0, 10_000);

  describe('the audit log', () => {
    it('numbers what it is told without a gap, each record continuing the one before', async () => {
      const first = await store().auditLog.append([viewed('1^1'), viewed('1^2')]);
      const second = await store().auditLog.append([viewed('1^3')]);
      expect([...first, ...second].map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(first[0]?.previousHash).toBe(chainStart);
      expect(second[0]?.previousHash).toBe(first[1]?.hash);
      expect(await readAll()).toEqual([...first, ...second]);
      expect(findBreak(start, await readAll())).toBeUndefined();
      expect(await store().auditLog.append([])).toEqual([]);
    });

    it('gives back what it was told, whatever it is, and its hash holds', async () => {
      const odd = viewed('漢字 \u0000 \ud800 \uFFFE0041'.padEnd(100_000, '音'), {
        actor: { kind: 'nobody', id: '', name: '\ud800' },
        detail: { z: [1.5, null, { b: 1, a: '\u2028' }], a: undefined, '10': 1, '9': 2 },
        address: '2001:db8::1',
      });
      await store().auditLog.append([odd, { at: 1, actor: odd.actor, action: 'x' }]);
      const [told, bare] = await readAll();
      expect(told).toMatchObject({ subject: odd.subject, actor: odd.actor, address: odd.address });
      expect(told?.detail).toEqual({ z: [1.5, null, { b: 1, a: '\u2028' }], '10': 1, '9': 2 });
      expect(Object.keys(bare ?? {}).sort()).toEqual([
        'action',
        'actor',
        'at',
        'hash',
        'previousHash',
        'seq',
      ]);
      expect(findBreak(start, await readAll())).toBeUndefined();
    });

    it('shows where somebody has changed, moved or taken away a record', async () => {
      await store().auditLog.append([1, 2, 3, 4].map((number) => viewed(`1^${number}`)));
      const [one, two, three, four] = await readAll();
      if (!one || !two || !three || !four) throw new Error('four records were appended');
      const forged = { ...two, actor: { ...two.actor, name: 'Bob' } };
      expect(findBreak(start, [one, forged, three, four])).toBe(forged);
      const rehashed = { ...forged, hash: auditHash(forged) };
      expect(findBreak(start, [one, rehashed, three, four])).toBe(three);
      expect(findBreak(start, [one, three, four])).toBe(three);
      expect(findBreak(start, [two, one])).toBe(two);
      expect(findBreak(three, [four])).toBeUndefined();
    });

    it('keeps one chain, however many append at the same moment', async () => {
      const appends = Array.from({ length: 40 }, (_, index) =>
        store().auditLog.append([viewed(`1^${index}`), viewed(`2^${index}`)]),
      );
      const told = (await Promise.all(appends)).flat();
      const kept = await readAll();
      expect(kept).toHaveLength(80);
      expect(findBreak(start, kept)).toBeUndefined();
      expect(told.sort((a, b) => a.seq - b.seq)).toEqual(kept);
    });
  });

  describe('a page of the audit log', () => {
    const list = async (query: Partial<AuditQuery> = {}) => {
      const { items } = await store().auditLogReader.list({ limit: 100, ...query });
      return items.map(({ seq }) => seq);
    };

    it('shows the newest first, each record once over pages of any size', async () => {
      const instants = [5, 1, 3, 3, 9, 3, 2];
      await store().auditLog.append(instants.map((at) => viewed('1', { at: testStart + at })));
      for (const limit of [1, 2, 3, 7, 50]) {
        const seen: number[] = [];
        let before: number | undefined;
        do {
          const page = await store().auditLogReader.list({
            limit,
            ...(before === undefined ? {} : { before }),
          });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items.map(({ seq }) => seq));
          before = page.next;
        } while (before !== undefined);
        expect(seen).toEqual([5, 1, 6, 4, 3, 7, 2]);
      }
    });

    it('is narrowed by who, what, to what and when, alone and together', async () => {
      const long = 'x'.repeat(3_000);
      const bob = { kind: 'key', id: 'id-b', name: 'Bob' } as const;
      await store().auditLog.append([
        viewed('1'),
        viewed('1', { actor: bob }),
        viewed('2', { action: 'recording.heard', subject: { kind: 'recording', id: '1' } }),
        viewed(`${long}1`, { at: testStart + 10 }),
        viewed(`${long}2`, { at: testStart + 20 }),
        { at: testStart + 30, actor: bob, action: 'session.opened' },
      ]);
      expect(await list({ actorId: 'id-b' })).toEqual([6, 2]);
      expect(await list({ action: 'recording.heard' })).toEqual([3]);
      expect(await list({ subjectKind: 'call' })).toEqual([5, 4, 2, 1]);
      expect(await list({ subjectId: '1' })).toEqual([3, 2, 1]);
      expect(await list({ subjectKind: 'call', subjectId: '1', actorId: 'id-a' })).toEqual([1]);
      expect(await list({ subjectId: `${long}2` })).toEqual([5]);
      expect(await list({ from: testStart + 10, to: testStart + 30 })).toEqual([5, 4]);
      expect(await list({ actorId: 'id-b', before: 6 })).toEqual([2]);
      expect(await list({ subjectId: 'nothing' })).toEqual([]);
    });
  });
}
