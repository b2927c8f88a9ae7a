import { describe, expect, it } from 'vitest';
import { parseAuditSearch, toParameters } from './audit-search.ts';

describe('the address of the audit log', () => {
  it('keeps the filters that it knows and drops the rest', () => {
    const search = { action: 'call.viewed', actorId: '', subjectId: 7, nonsense: 'x', from: '2026-01-02' };
    expect(parseAuditSearch(search)).toEqual({ action: 'call.viewed', from: '2026-01-02' });
  });

  it('takes no day that there is none of, and no act that nobody can do', () => {
    const search = { from: 'singlemessage', to: '2026-02-31', action: 'call.sold', actorId: 'a' };
    expect(parseAuditSearch(search)).toEqual({ actorId: 'a' });
  });

  it('means days of the reader’s zone, the last one whole', () => {
    const { from = '', to = '' } = toParameters({ from: '2026-01-31', to: '2026-01-31' });
    expect(new Date(from).getHours()).toBe(0);
    expect(new Date(to).getDate()).toBe(1);
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
  });
});
