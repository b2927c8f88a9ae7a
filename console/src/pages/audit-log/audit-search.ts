import type { AuditParameters } from '../../../../src/contract/audit.ts';
import { actions } from './actions.ts';

/** The query of the page's address. */
export type AuditSearch = Partial<
  Record<'actorId' | 'action' | 'subjectKind' | 'subjectId' | 'from' | 'to', string>
>;

export const auditParameters = ['actorId', 'action', 'subjectKind', 'subjectId', 'from', 'to'] as const;

/** What can be understood of an address; the rest is left out. */
export function parseAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const entries = auditParameters.map((name) => [name, search[name]] as const);
  return Object.fromEntries(
    entries.filter(([name, value]) => typeof value === 'string' && value !== '' && isReadable(name, value)),
  );
}

function isReadable(name: keyof AuditSearch, value: string): boolean {
  if (name === 'action') return actions.some((action) => action === value);
  return (name !== 'from' && name !== 'to') || isDay(value);
}

function isDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // Browsers take the 31st of February for the 3rd of March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
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
