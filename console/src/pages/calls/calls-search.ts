import type { CallParameters } from '../../../../src/contract/calls.ts';
import { maxTagLength, tagPattern } from '../../../../src/contract/form-values.ts';

export const states = ['pending', 'archived', 'lost', 'blocked', 'deleted'] as const;
export const periods = ['today', 'week', 'month'] as const;
const texts = ['q', 'taskId', 'detailId', 'batchId', 'outId', 'columns'] as const;
const instants = ['from', 'to'] as const;
const numbers = ['minDuration', 'maxDuration'] as const;
export const callsParameters = [...texts, ...instants, ...numbers, 'tag', 'state', 'period'] as const;

/** The query of the page's address: what is looked for, and the columns that are shown (names with commas between). */
export type CallsSearch = Partial<
  Record<(typeof texts | typeof instants | typeof numbers)[number], string> & {
    state: (typeof states)[number];
    tag: string;
    /** Whole days up to now, as long as `from` and `to` are absent. */
    period: (typeof periods)[number];
  }
>;

/** What can be understood of an address, written by hand perhaps; the rest is left out. */
export function parseCallsSearch(search: Readonly<Record<string, unknown>>): CallsSearch {
  const textOf = (name: string): string | undefined => {
    const value = search[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const found: Record<string, string | undefined> = {};
  for (const name of texts) found[name] = textOf(name);
  for (const name of instants) found[name] = toInstant(textOf(name));
  for (const name of numbers) found[name] = toNumber(textOf(name));
  const tag = textOf('tag');
  if (tag !== undefined && isTag(tag)) found['tag'] = tag;
  found['state'] = states.find((state) => state === search['state']);
  if (!found['from'] && !found['to']) found['period'] = periods.find((period) => period === search['period']);
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function isTag(text: string): boolean {
  return text.length <= maxTagLength && new RegExp(tagPattern, 'u').test(text);
}

/** Browsers take a year out of nearly anything that ends in a digit: a date has to look like one. */
function toInstant(text = ''): string | undefined {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  const instant = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  return /^\d/.test(instant) ? instant : undefined;
}

function toNumber(text: string | undefined): string | undefined {
  const number = Number(text);
  return text !== undefined && Number.isFinite(number) && number >= 0 ? String(number) : undefined;
}

export type CallFilter = Omit<CallParameters, 'limit' | 'cursor'>;

/** `startOfTodayMs`: midnight of the reader's zone, so that a filter stays the same for a whole day. */
export function toFilter(search: CallsSearch, startOfTodayMs: number): CallFilter {
  const { columns: _columns, period, minDuration, maxDuration, ...rest } = search;
  return {
    ...rest,
    ...(period === undefined ? {} : { from: startOfPeriod(period, startOfTodayMs) }),
    ...(minDuration === undefined ? {} : { minDuration: Number(minDuration) }),
    ...(maxDuration === undefined ? {} : { maxDuration: Number(maxDuration) }),
  };
}

const daysBefore = { today: 0, week: 6, month: 29 } as const;

function startOfPeriod(period: (typeof periods)[number], startOfTodayMs: number): string {
  const start = new Date(startOfTodayMs);
  // By the calendar: a day on which clocks change has no 24 hours.
  start.setDate(start.getDate() - daysBefore[period]);
  return start.toISOString();
}

/** What of a search changes; undefined takes a filter away. */
export type FilterChange = { readonly [Name in keyof CallsSearch]: CallsSearch[Name] | undefined };

/** Whether anything is left out of the list. */
export function isFiltered({ columns: _columns, ...filters }: CallsSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}
