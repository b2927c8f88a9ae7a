import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDeliveryBench, openReceiver, type DeliveryBench } from '../../test/support/delivery-bench.js';
import { makeMessage, recordOf, reportOf } from '../../test/support/make-message.js';
import { openTemporaryStore } from '../../test/support/temporary-store.js';
import { until } from '../../test/support/until.js';
import type { Asset } from '../domain/recording.js';
import type { EndpointSettings } from '../domain/endpoint.js';
import { Projector } from '../project/projector.js';
import { recordFilePlaceholder } from '../store/publishing.js';
import { JournalWindow } from './journal-window.js';
import { toPushBody } from './push-content.js';

const asset: Asset = { bytes: 1, sha256: 'ab', container: 'wav', archivedAt: 0, fileName: 'a.wav' };

describe('the body of a push', () => {
  const store = openTemporaryStore();
  afterEach(() => store.close());

  it('is the messages byte for byte, with our link where it is wanted and nowhere else', async () => {
    const texts = [
      '{ "callId" : "a", "recordFile":"http://h.example/1.wav?Signature=s" , "n":1.10}',
      '{"callId":"a","recordFile":"http://h.example/1.wav?Signature=t","taskId":12345678901234567890}',
      '{"callId":"b","recordFile":"none"}',
      '{"callId":"b","statusCode":"1","recordFile_":"http://h.example/1.wav"}',
    ];
    await store.journalWriter.append({ messages: texts.map((text) => makeMessage(text)), quarantined: [] });
    const window = new JournalWindow(store.journal);
    const bodyOf = async (settings: Pick<EndpointSettings, 'recordFile' | 'when'>) =>
      toPushBody(await window.find([1, 2, 3, 4]), settings, {
        readHistory: (callId) => window.history(callId),
        minter: () => Promise.resolve((id) => `https://e/${id}`),
      });
    expect(await bodyOf({ recordFile: 'original', when: 'received' })).toBe(`[${texts.join(',')}]`);
    expect(await bodyOf({ recordFile: 'archived', when: 'archived' })).toBe(`[${texts.join(',')}]`);
    expect(await bodyOf({ recordFile: 'archived', when: 'received' })).toBe(
      `[${texts.join(',').replaceAll(/http:\/\/h\.example\/1\.wav\?Signature=./g, 'https://e/r1')}]`,
    );
  });
});

describe('an endpoint that wants recordings when they are safe, by our links', () => {
  let bench: DeliveryBench;
  beforeEach(async () => {
    bench = await openDeliveryBench();
  });
  afterEach(async () => {
    await bench.close();
  });

  it('is pushed each record once its recording is archived or lost, and a published one with a link of its own', async () => {
    const receiver = await openReceiver(bench);
    await bench.createEndpoint(receiver.url, { when: 'archived', recordFile: 'archived', batchSize: 1 });
    bench.start();
    await bench.journal(recordOf('safe'), recordOf('gone'), reportOf('plain'));
    await until(() => receiver.seen.length === 1, { what: 'the report', everyMs: 5 });

    const { store } = bench;
    const { journal, projection } = store;
    await new Projector({ journal, projection, toInstant: () => undefined }).step();
    const claim = { now: bench.now(), leaseMs: 10_000, limit: 9, perHost: 9, running: {} };
    for (const { id, generation, callId } of await store.downloads.claim(claim)) {
      const verdict =
        callId === 'safe'
          ? ({ kind: 'archived', asset, flags: [] } as const)
          : ({ kind: 'lost', reason: 'expired' } as const);
      await store.downloads.settle({ id, generation, verdict, now: bench.now() });
    }
    const message = makeMessage({ callId: 'own', recordFile: recordFilePlaceholder });
    const published = await store.publishing.publishRecording({ message, asset, flags: [] });
    await until(() => receiver.seen.length === 4, { what: 'the records', everyMs: 5 });
    const links = receiver.seen.slice(1).map(({ text, callIds }) => {
      const [push] = JSON.parse(text) as { recordFile: string }[];
      return `${callIds.join()} ${push?.recordFile.replace(/\?.*/, '')}`;
    });
    expect(links).toEqual([
      'safe https://calls.example/r/r1',
      expect.stringMatching(/^gone http:\/\/alicom-fc-record-biz/),
      `own https://calls.example/r/${published.recordingId}`,
    ]);
  });
});
