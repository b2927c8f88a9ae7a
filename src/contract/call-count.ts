import { Type, type Static } from 'typebox';
import { CallParameters } from './calls.js';
import { parametersOf } from './page.js';

const { limit: _limit, cursor: _cursor, ...filters } = CallParameters.properties;

/** What narrows a search for calls, whatever page is looked at. */
export const callFilters = filters;

export const CallCountParameters = parametersOf(filters);
export type CallCountParameters = Static<typeof CallCountParameters>;

export const CallCount = Type.Object(
  {
    calls: Type.Integer({ description: 'Counted up to 10,000.' }),
    isMore: Type.Boolean({ description: 'There are more than were counted.' }),
  },
  { title: 'CallCount', description: 'How many calls a search would find.' },
);
export type CallCount = Static<typeof CallCount>;
