import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

describe('GET /api/v1/calls', () => {
  it.each([
    ['limit=0', '`limit`'],
    ['limit=501', '`limit` must be 500 or less'],
    ['limit=ten', '`limit` must be one whole number'],
    ['limit=1.5', '`limit`'],
    ['limit=', '`limit`'],
    ['limit=1&limit=2', '`limit`'],
    ['state=safe', '`state` must be one of pending, archived, lost, blocked'],
    ['minDuration=-1', '`minDuration`'],
    ['from=2025-05-22T12:00:00', '`from` needs a time and an offset'],
    ['to=2025-05-22', '`to` needs a time and an offset'],
    ['callId=1&callId=2', '`callId` must be given once'],
  ])('refuses %s with a sentence that names it', async (query, sentence) => {
    const response = await api.ask(`/api/v1/calls?${query}`);
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { code: string; detail: string };
    expect(problem.code).toBe('parameter-invalid');
    expect(problem.detail).toContain(sentence);
  });

  it('refuses a parameter that it does not have, and a cursor that it did not hand out', async () => {
    const misspelt = await api.ask('/api/v1/calls?callid=1');
    expect(await misspelt.json()).toMatchObject({
      status: 400,
      code: 'parameter-unknown',
      detail: expect.stringContaining('`callid`'),
    });
    const foreign = await api.ask('/api/v1/calls?cursor=abc');
    expect(await foreign.json()).toMatchObject({ status: 400, code: 'cursor-invalid' });
  });
});

describe('GET /api/v1/messages', () => {
  it.each([
    ['types=Nonsense', '`types`'],
    ['after=-1', '`after`'],
    ['after=x', '`after`'],
    ['limit=501', '`limit`'],
    ['limit=0', '`limit`'],
  ])('refuses %s', async (query, name) => {
    const response = await api.ask(`/api/v1/messages?${query}`);
    expect(await response.json()).toMatchObject({
      status: 400,
      code: 'parameter-invalid',
      detail: expect.stringContaining(name),
    });
  });
});
