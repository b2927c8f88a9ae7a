import type { Page } from 'playwright-core';
import { callHeadOf, callIdOf } from '../load/message-fields.js';
import { callSpacingMs, dataSetShard, taskIdOf } from '../data-set/data-set.js';
import type { FilledStore } from '../stores/store-under-test.js';

/** One filter as somebody sets it. */
export interface CallFilter {
  readonly name: string;
  /** What in the page begins it. */
  readonly begins: 'change' | 'submit';
  /** Up to the moment before it begins. */
  readonly prepare?: (page: Page, call: number, data: FilledStore) => Promise<unknown>;
  readonly act: (page: Page, call: number, data: FilledStore) => Promise<unknown>;
}

export const benchTag = 'bench';

type FieldValues = (call: number, data: FilledStore) => Readonly<Record<string, string>>;

export const callFilters: readonly CallFilter[] = [
  ...(['archived', 'lost'] as const).map(toState),
  toSearch('q, a whole callId', (call) => callIdOf(dataSetShard, call)),
  toSearch('q, half of a callId', (call) => callHeadOf(dataSetShard, call)),
  toFields('task', (call) => ({ taskId: taskIdOf(call) })),
  toFields('a day of calls', (call, data) => ({
    'Starts at or after': localTime(startOf(call, data) - 86_400_000),
    'Starts before': localTime(startOf(call, data) + callSpacingMs),
  })),
  toFields('at least a minute', (call) => ({ 'At least (seconds)': String(60 + (call % 10)) })),
  toFields('tag', () => ({ Tag: benchTag })),
  // Last: what nothing narrows is felt by whoever comes next.
  toFields('at least an hour, 1 in 50,000', (call) => ({
    'At least (seconds)': String(3_000 + (call % 600)),
  })),
];

function toState(state: 'archived' | 'lost'): CallFilter {
  return {
    name: `state ${state}`,
    begins: 'change',
    act: (page) => page.getByLabel('State of the recording').selectOption(state),
  };
}

function toSearch(name: string, wordsOf: (call: number) => string): CallFilter {
  const box = (page: Page) => page.getByRole('searchbox');
  return {
    name,
    begins: 'submit',
    prepare: (page, call) => box(page).fill(wordsOf(call)),
    act: (page) => box(page).press('Enter'),
  };
}

function toFields(name: string, valuesOf: FieldValues): CallFilter {
  return {
    name,
    begins: 'submit',
    prepare: async (page, call, data) => {
      await page.getByRole('button', { name: 'More filters' }).click();
      for (const [label, value] of Object.entries(valuesOf(call, data))) {
        await page.getByLabel(label, { exact: true }).and(page.locator('input')).fill(value);
      }
    },
    act: (page) => page.getByRole('button', { name: 'Apply' }).click(),
  };
}

function startOf(call: number, { firstStartAt }: FilledStore): number {
  return firstStartAt + call * callSpacingMs;
}

/** As a field for date and time has it; the browser's zone is UTC. */
function localTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
