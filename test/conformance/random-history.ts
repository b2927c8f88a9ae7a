import fc from 'fast-check';
import { recordingFlags } from '../../src/domain/flags.js';
import type { DownloadVerdict } from '../../src/domain/recording.js';
import type { ClaimedDownload } from '../../src/store/recordings.js';
import { recordFilePlaceholder } from '../../src/store/publishing.js';
import { makeLink, makeMessage, noteOf, recordOf, reportOf, type Fields } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { asset, type DrivenStore } from './store-under-test.js';

const hour = 3_600_000;
const few = fc.constantFrom('1', '2', '3');
const callIds = fc.constantFrom('1^1', '1^2', '2^2');

/** One thing that happens to a store. Instants are hours after the start; `which` picks among what is leased. */
export type Step =
  | { readonly kind: 'message'; readonly fields: Fields; readonly receivedAt: number }
  | { readonly kind: 'project' | 'claim' | 'unblock' | 'rebuild' }
  | { readonly kind: 'settle'; readonly which: number; readonly verdict: DownloadVerdict }
  | { readonly kind: 'retry' | 'remove'; readonly recording: number }
  | { readonly kind: 'publish'; readonly callId: string; readonly outId: string }
  | { readonly kind: 'pass'; readonly hours: number };

const anyTimes = fc.record(
  {
    startTime: fc.constantFrom('2025-05-22 12:00:00', '2025-05-22 13:00:00', 'never', '', null),
    endTime: fc.constantFrom('2025-05-22 12:10:00', 'never', null),
    duration: fc.constantFrom(0, 125, '10', -1, 'x'),
    taskId: few,
    outId: few,
  },
  { requiredKeys: [] },
);

const anyLink = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(-5, 10, 20, 30), few) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

const anyFields = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(callIds, anyTimes, anyLink).map(([callId, times, link]) =>
      recordOf(callId, {
        ...times,
        recordFile: link ? makeLink(link[0], testStart + link[1] * hour, link[2]) : 'none',
      }),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(callIds, anyTimes).map(([callId, times]) => reportOf(callId, times)) },
  { weight: 1, arbitrary: fc.tuple(callIds, anyTimes).map(([callId, times]) => noteOf(callId, times)) },
);

const anyVerdict = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .subarray([...recordingFlags])
      .map((flags): DownloadVerdict => ({ kind: 'archived', asset, flags })),
  },
  { weight: 3, arbitrary: fc.constant<DownloadVerdict>({ kind: 'lost', reason: 'expired' }) },
  { weight: 2, arbitrary: fc.constant<DownloadVerdict>({ kind: 'blocked', reason: 'host-not-allowed' }) },
  { weight: 1, arbitrary: fc.constant<DownloadVerdict>({ kind: 'released' }) },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: 0, max: 9 })
      .map((hours): DownloadVerdict => ({ kind: 'retry', nextAttemptAt: testStart + hours * hour })),
  },
);

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(anyFields, fc.integer({ min: -3, max: 3 }))
      .map(([fields, hours]): Step => ({ kind: 'message', fields, receivedAt: testStart + hours * hour })),
  },
  { weight: 5, arbitrary: fc.constantFrom<Step>({ kind: 'project' }) },
  { weight: 4, arbitrary: fc.constantFrom<Step>({ kind: 'claim' }) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.nat(10), anyVerdict)
      .map(([which, verdict]): Step => ({ kind: 'settle', which, verdict })),
  },
  { weight: 2, arbitrary: fc.nat(10).map((recording): Step => ({ kind: 'retry', recording })) },
  { weight: 2, arbitrary: fc.nat(10).map((recording): Step => ({ kind: 'remove', recording })) },
  {
    weight: 2,
    arbitrary: fc.tuple(callIds, few).map(([callId, outId]): Step => ({ kind: 'publish', callId, outId })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'unblock' }) },
  { weight: 1, arbitrary: fc.nat(5).map((hours): Step => ({ kind: 'pass', hours })) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ kind: 'rebuild' }) },
);

export const anyHistory = fc.array(anyStep, { maxLength: 60, size: 'max' });

/** Plays a history on a store. What a rebuild is, the caller says: nothing at all is one answer. */
export async function play(
  store: DrivenStore,
  history: readonly Step[],
  rebuild: () => Promise<void>,
): Promise<readonly unknown[]> {
  let now = testStart;
  let sorted = 0;
  const leases: ClaimedDownload[] = [];
  const answers: unknown[] = [];
  for (const step of history) {
    switch (step.kind) {
      case 'message':
        await store.append([makeMessage(step.fields, step.receivedAt)], [], ++sorted);
        break;
      case 'project':
        await store.project();
        break;
      case 'claim': {
        const claimed = await store.claim({ now, limit: 2 });
        leases.push(...claimed);
        answers.push(claimed);
        break;
      }
      case 'settle': {
        // A lease may be settled twice, or after it was taken over: late workers do.
        const lease = leases[step.which % leases.length];
        if (lease) answers.push(await store.settle(lease, step.verdict, now));
        break;
      }
      case 'retry':
        answers.push(await store.recordingsWriter.retryNow(`r${step.recording}`, now));
        break;
      case 'remove':
        answers.push(await store.recordingsWriter.remove(`r${step.recording}`, now));
        break;
      case 'publish':
        answers.push(await publish(store, step.callId, step.outId));
        break;
      case 'unblock':
        answers.push(await store.downloads.unblock(now, 1));
        break;
      case 'pass':
        now += step.hours * hour;
        break;
      case 'rebuild':
        await rebuild();
    }
  }
  return answers;
}

function publish(store: DrivenStore, callId: string, outId: string): Promise<unknown> {
  const message = makeMessage(recordOf(callId, { recordFile: recordFilePlaceholder, outId }));
  return store.publishing.publishRecording({ message, asset, flags: [] });
}
