import type { Recording } from '../../../../src/contract/recordings.ts';

export const listedStates = [
  'pending',
  'blocked',
  'lost',
  'archived',
  'deleted',
] as const satisfies readonly Recording['state'][];
export type ListedState = (typeof listedStates)[number];

/** What the address of the list says; pending ones where it says nothing. */
export interface RecordingsSearch {
  readonly state?: ListedState;
  /** Of lost ones, those too whose loss was acknowledged. */
  readonly all?: 'yes';
}

export function parseRecordingsSearch(search: Record<string, unknown>): RecordingsSearch {
  const state = listedStates.find((each) => each === search['state']);
  return {
    ...(state && { state }),
    ...(state === 'lost' && search['all'] === 'yes' && { all: 'yes' }),
  };
}
