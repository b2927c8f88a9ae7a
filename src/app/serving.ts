import { randomUUID } from 'node:crypto';
import { convertToWav } from '../analyse/ffmpeg-samples.js';
import { compareAsset } from '../archive/verify-assets.js';
import type { Clock } from '../domain/clock.js';
import type { HttpServerParts, RecordingLinks } from '../http/areas.js';
import { retryQuarantined } from '../sort/retry-quarantined.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { Store } from '../store/store.js';

export interface ServingParts {
  readonly store: Omit<Store, 'close' | 'inbox'>;
  readonly assets: AssetStorage;
  readonly links: RecordingLinks;
  /** Where it lies; absent where this machine has none. */
  readonly ffmpeg?: string | undefined;
  /** An export was asked for, or moved. */
  readonly onJobsChanged: () => void;
  readonly clock: Clock;
}

/** Calls, recordings, exports and quarantine for the API. */
export function createServing(
  parts: ServingParts,
): Pick<HttpServerParts, 'calls' | 'recordings' | 'exports' | 'quarantine'> {
  const { store, assets, links, ffmpeg, onJobsChanged, clock } = parts;
  const { calls, journal, recordings, auditLogReader, jobs } = store;
  const newId = (): string => randomUUID();
  return {
    calls: {
      ...{ calls, journal, recordings, auditLogReader, links, newId, clock },
      comments: store.comments,
      tags: store.tags,
      savedViews: store.savedViews,
    },
    recordings: {
      ...{ recordings, journal, auditLogReader, assets, links, clock },
      recordingsWriter: store.recordingsWriter,
      acknowledgements: store.acknowledgements,
      waveforms: store.waveforms,
      compareAsset: (asset) => compareAsset(asset, assets),
      ...(ffmpeg === undefined ? {} : { convertAudio: (file) => convertToWav(ffmpeg, file) }),
    },
    exports: { calls, jobs, assets, newId, onJobsChanged, clock },
    quarantine: {
      quarantine: store.quarantine,
      quarantineWriter: store.quarantineWriter,
      retryQuarantined: (id, body) => retryQuarantined(store, id, body),
    },
  };
}
