import { randomUUID } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import type { MessageArea } from '../http/areas.js';
import { createVendorTime } from '../protocol/vendor-time.js';
import { publishMessages } from '../publish/publish-messages.js';
import { publishRecording, type PublishRecordingDeps } from '../publish/publish-recording.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { AppendResult } from '../store/journal.js';
import type { Store } from '../store/store.js';
import type { Config } from '../settings/config.js';

export interface PublishingParts {
  readonly config: Pick<Config, 'timeZone' | 'maxRecordingBytes'>;
  readonly store: Pick<Store, 'publishing' | 'recordings' | 'journal'>;
  readonly assets: AssetStorage;
  readonly clock: Clock;
  readonly links: MessageArea['links'];
  readonly notifier: MessageArea['notifier'];
  /** There is more in the journal; of an upload, `bytes` of audio in storage. */
  readonly onPublished: (result: AppendResult, bytes: number) => void;
}

/** The feed and what is published into it, for the API. */
export function createPublishing({
  config,
  store,
  assets,
  links,
  notifier,
  clock,
  onPublished,
}: PublishingParts): MessageArea {
  const recordingDeps: PublishRecordingDeps = {
    publishing: store.publishing,
    recordings: store.recordings,
    journal: store.journal,
    assets,
    toInstant: createVendorTime(config.timeZone),
    timeZone: config.timeZone,
    maxBytes: config.maxRecordingBytes,
    newDraftId: () => `upload-${randomUUID()}`,
    clock,
    onPublished,
  };
  const messageDeps = {
    publishing: store.publishing,
    clock,
    onPublished: (result: AppendResult) => {
      onPublished(result, 0);
    },
  };
  return {
    journal: store.journal,
    ...{ links, notifier, clock },
    publishMessages: (body) => publishMessages(body, messageDeps),
    publishRecording: (parts) => publishRecording(parts, recordingDeps),
  };
}
