import { expect, it } from 'vitest';
import { findCallIds } from './call-ids.ts';

it('the calls of a body are found, every digit of their ids, each once', () => {
  const body = '[{"callId":"1^2"},{"callId":12345678901234567890},{"callId":"1^2"},{"callId":""},{},7]';
  expect(findCallIds(body)).toEqual(['1^2', '12345678901234567890']);
  expect(findCallIds('{"callId":"1"}')).toEqual(['1']);
  expect(findCallIds('no JSON')).toEqual([]);
});
