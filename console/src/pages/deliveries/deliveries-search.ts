import type { Delivery } from '../../../../src/contract/deliveries.ts';

const states = ['pending', 'delivered', 'dead'] as const satisfies readonly Delivery['state'][];

export const deliveriesParameters = ['state', 'endpointId', 'by', 'all'] as const;

/** What the address of the list says. */
export interface DeliveriesSearch {
  readonly state?: Delivery['state'];
  readonly endpointId?: string;
  /** Dead ones together by endpoint and cause, instead of one by one. */
  readonly by?: 'cause';
  /** Of dead ones, those too that were replayed or acknowledged. */
  readonly all?: 'yes';
}

/** What cannot be understood is left out. */
export function parseDeliveriesSearch(search: Record<string, unknown>): DeliveriesSearch {
  const state = states.find((each) => each === search['state']);
  const { endpointId } = search;
  return {
    ...(state && { state }),
    ...(typeof endpointId === 'string' && { endpointId }),
    ...(state === 'dead' && search['by'] === 'cause' && { by: 'cause' }),
    ...(state === 'dead' && search['all'] === 'yes' && { all: 'yes' }),
  };
}
