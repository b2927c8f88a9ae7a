import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedPage } from '../../src/contract/messages.js';
import type { RecordingPage } from '../../src/contract/recordings.js';
import { openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api.close());

const read = (query = '') => api.askJson<FeedPage>(`/api/v1/messages${query}`);

describe('GET /api/v1/messages', () => {
  it('is empty at first, with the place to go on from', async () => {
    expect(await read()).toEqual({ items: [], nextAfter: 0 });
    expect(await read('?after=41')).toEqual({ items: [], nextAfter: 41 });
  });

  it('gives everything in order, once, over pages of any size', async () => {
    await api.push(Array.from({ length: 12 }, (_, index) => record(`${index}^0`)));
    const seen: string[] = [];
    let after = 0;
    for (;;) {
      const page = await read(`?limit=5&after=${after}`);
      expect([...Value.Errors(FeedPage, page)]).toEqual([]);
      if (page.items.length === 0) break;
      seen.push(...page.items.map(({ callId }) => callId));
      after = page.nextAfter;
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => `${index}^0`));
    expect((await read(`?after=${after}`)).nextAfter).toBe(after);
  });

  it('gives each message as the text it came as', async () => {
    const text =
      '{ "callId" : "1^1",\n "recordFile": "", "a":1.10, "b":1E400, "c":-0, "d":12345678901234567890 }';
    await api.push(text);
    const answer = await (await api.ask('/api/v1/messages')).text();
    expect(answer).toContain(`"message":${text}}`);
    expect(answer).toContain(
      '"type":"AlicomAgentCallRecord","callId":"1^1","receivedAt":"2025-05-22T05:00:00.000Z"',
    );
  });

  it('leaves events out unless types asks for them', async () => {
    await api.push([record('1^1'), { callId: '2^2', majorIntent: 'A' }]);
    const [recording] = (await api.askJson<RecordingPage>('/api/v1/recordings')).items;
    if (!recording) throw new Error('there is no recording');
    await api.archive(recording, Buffer.from('RIFF'));
    const typesOf = async (query: string) => (await read(query)).items.map(({ type }) => type);
    expect(await typesOf('')).toEqual(['AlicomAgentCallRecord', 'AlicomAgentCallNote']);
    expect(await typesOf('?types=')).toHaveLength(2);
    expect(await typesOf('?types=AlicomAgentCallNote')).toEqual(['AlicomAgentCallNote']);
    expect(await typesOf('?types=recording.archived,%20AlicomAgentCallRecord')).toEqual([
      'AlicomAgentCallRecord',
      'recording.archived',
    ]);
    const [event] = (await read('?types=recording.archived')).items;
    expect(event?.message).toMatchObject({ recordingId: recording.id });
  });
});
