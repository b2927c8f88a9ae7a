import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import type { Delivery, DeliveryParameters } from '../../../../src/contract/deliveries.ts';
import type { Client } from '../../client.ts';
import { deliveriesQuery } from './deliveries-query.ts';

it('finds the deliveries of a call by its messages, each once, and halves in place of what was halved', async () => {
  const asked: number[] = [];
  const held: Record<number, Partial<Delivery>[]> = {
    7: [{ id: 'd3', halfOf: 'd2' }, { id: 'd2', reason: 'halved' }, { id: 'd1' }],
    900: [{ id: 'd9', reason: 'server-error' }, { id: 'd1' }],
  };
  const list = ({ seq = 0 }: DeliveryParameters) => {
    asked.push(seq);
    return Promise.resolve({ items: held[seq] ?? [] });
  };
  const client = { deliveries: { list } } as unknown as Client;
  const call = { callId: '1^2', messages: [{ seq: 7 }, { seq: 900 }] } as CallDetail;
  const found = await new QueryClient().query(deliveriesQuery(client, call));
  expect(found.map(({ id }) => id)).toEqual(['d3', 'd1', 'd9']);
  expect(asked).toEqual([7, 900]);
});
