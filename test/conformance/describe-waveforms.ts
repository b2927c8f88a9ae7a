import { describe, expect, it } from 'vitest';
import type { KeptWaveform, Waveform } from '../../src/store/waveforms.js';
import { recordOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { archived, useStore, type OpenStore } from './store-under-test.js';

const stereo: Waveform = {
  seconds: 124.75,
  channels: [
    {
      peaks: Uint8Array.from({ length: 1_024 }, (_, index) => index % 256),
      speech: [
        [0, 1.25],
        [2, 124.75],
      ],
    },
    { peaks: Uint8Array.from([0, 255, 128]), speech: [] },
  ],
};

export function describeWaveforms(open: OpenStore): void {
  const store = useStore(open);
  /** Plain bytes: back ends give them in different classes. */
  const get = async (id: string) => {
    const kept = await store().waveforms.get(id);
    if (!kept || 'reason' in kept) return kept;
    const channels = kept.waveform.channels.map(({ peaks, speech }) => ({
      peaks: Uint8Array.from(peaks),
      speech,
    }));
    return { ...kept, waveform: { ...kept.waveform, channels } };
  };

  describe('a waveform', () => {
    it('is kept as it was made, with the place where its maker stands', async () => {
      expect(await store().waveforms.cursor()).toBe(0);
      const kept: KeptWaveform = { recordingId: 'r1', waveform: stereo };
      await store().waveformsWriter.keep([kept, { recordingId: 'r2', reason: 'unsupported' }], 17);
      expect(await get('r1')).toEqual(kept);
      expect(await get('r2')).toEqual({ recordingId: 'r2', reason: 'unsupported' });
      expect(await get('r3')).toBeUndefined();
      expect(await get('nonsense')).toBeUndefined();
      expect(await store().waveforms.cursor()).toBe(17);
    });

    it('takes the place of the one before; the cursor never goes back', async () => {
      const { waveformsWriter, waveforms } = store();
      await waveformsWriter.keep([{ recordingId: 'r1', reason: 'broken' }], 17);
      await waveformsWriter.keep([{ recordingId: 'r1', waveform: stereo }], 5);
      expect(await get('r1')).toMatchObject({ waveform: { seconds: 124.75 } });
      await waveformsWriter.keep([{ recordingId: 'r1', reason: 'broken' }], 17);
      expect(await get('r1')).toEqual({ recordingId: 'r1', reason: 'broken' });
      expect(await waveforms.cursor()).toBe(17);
    });

    it('is listed with others, of those that there are', async () => {
      const ids = Array.from({ length: 40 }, (_, index) => `r${index + 1}`);
      const made = ids.filter((_, index) => index % 3 === 0);
      await store().waveformsWriter.keep(
        made.map((recordingId) => ({ recordingId, waveform: stereo })),
        1,
      );
      const listed = await store().waveforms.list(ids);
      expect(listed.map(({ recordingId }) => recordingId).sort()).toEqual(made.sort());
      expect(await store().waveforms.list([])).toEqual([]);
      expect(await store().waveforms.list(['r2'])).toEqual([]);
    });

    it('goes with its recording, and does not come back', async () => {
      await store().take(recordOf('1^1'));
      await store().conclude('1^1', archived);
      const { id } = await store().recordingOf('1^1');
      await store().waveformsWriter.keep([{ recordingId: id, waveform: stereo }], 5);
      expect(await get(id)).toBeDefined();
      await store().recordingsWriter.remove(id, testStart);
      expect(await get(id)).toBeUndefined();
      await store().waveformsWriter.keep([{ recordingId: id, waveform: stereo }], 6);
      expect(await get(id)).toBeUndefined();
    });
  });
}
