import type { AuditParameters } from '../../../../src/contract/audit.ts';

/** The query of the page's address. */
export type AuditSearch = Partial<
  Record<'actorId' | 'action' | 'subjectKind' | 'subjectId' | 'from' | 'to', string>
>;

const names = ['actorId', 'action', 'subjectKind', 'subjectId', 'from', 'to'] as const;

/** What can be understood of an address; the rest is left out. */
export function parseAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const entries = names.map((name) => [name, search[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string' && value !== ''));
}

/** `from` and `to` are days of the reader's zone; the last one is meant whole. */
export function toParameters({ from, to, ...rest }: AuditSearch): AuditParameters {
  return {
    ...rest,
    ...(from === undefined ? {} : { from: startOfDay(from, 0) }),
    ...(to === undefined ? {} : { to: startOfDay(to, 1) }),
  };
}

function startOfDay(day: string, daysLater: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}
