import type { Logger } from 'pino';
import type { Auditor } from '../access/auditor.js';
import type { PasskeyService } from '../access/passkey-service.js';
import type { SessionService } from '../access/session-service.js';
import type { SignInService } from '../access/sign-in-service.js';
import type { Admission, SingleSignOn } from '../access/single-sign-on.js';
import type { DemoState, EffectiveSettings, StorageTest } from '../contract/service.js';
import type { Clock } from '../domain/clock.js';
import type { DeliveryAttempt } from '../domain/delivery.js';
import type { Endpoint } from '../domain/endpoint.js';
import type { Asset, AssetDifference } from '../domain/recording.js';
import type { RecordingUrlVerdict } from '../domain/recording-url.js';
import type { EntryNotifier } from '../live/entry-notifier.js';
import type { LiveEvents } from '../live/live-events.js';
import type { CheckTarget } from '../net/target-check.js';
import type { SourceService } from '../sources/source-service.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type {
  Account,
  Accounts,
  Setup,
  ApiKeys,
  Passkeys,
  SecondFactors,
  Sessions,
} from '../store/accounts.js';
import type { Acknowledgements, Comments, Tags, SavedViews } from '../store/reviews.js';
import type { AuditLogReader } from '../store/audit-log.js';
import type { CallsReader } from '../store/calls.js';
import type { DeliveriesReader } from '../store/deliveries.js';
import type { EndpointsReader, EndpointsWriter } from '../store/endpoints.js';
import type { Jobs } from '../store/jobs.js';
import type { AppendResult, JournalReader } from '../store/journal.js';
import type { QuarantineReader, QuarantineWriter } from '../store/quarantine.js';
import type { RecordingsReader, RecordingsWriter } from '../store/recordings.js';
import type { ReplaySelection, ReplaysReader, ReplaysWriter } from '../store/replays.js';
import type { WaveformsReader } from '../store/waveforms.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Overview } from '../telemetry/overview.js';
import type { Readiness } from '../telemetry/readiness.js';
import type { ServiceStatus } from '../telemetry/status.js';
import type { ConvertAudio } from './audio-answer.js';
import type { ConsoleFiles } from './console-files.js';
import type { PushHandler } from './raw-server.js';
import type { SessionCookie } from './session-cookie.js';
import type { UploadPart } from './upload.js';

/*
 * What the HTTP server is made of. Each area of the API has what its routes use and no more; src/app builds an area where
 * its parts are built.
 */
export interface HttpServerParts {
  readonly server: ServerParts;
  readonly people: PeopleArea;
  readonly calls: CallArea;
  readonly recordings: RecordingArea;
  readonly messages: MessageArea;
  readonly exports: ExportArea;
  readonly quarantine: QuarantineArea;
  readonly delivery: DeliveryArea;
  readonly sources: SourceArea;
  readonly service: ServiceArea;
}

/** The server itself, whatever it serves. */
export interface ServerParts {
  readonly intake: PushHandler;
  readonly logger: Logger;
  /** CIDRs of proxies in front; none where absent. */
  readonly trustedProxies?: readonly string[];
  /** Absent where nothing but the API is served. */
  readonly consoleFiles?: ConsoleFiles;
  /** The parts that this process runs; without `api` only pushes, health and metrics are served. */
  readonly serves?: { readonly api: boolean };
}

/** Accounts, sessions, keys, and the audit log. */
export interface PeopleArea {
  readonly accounts: Accounts;
  readonly setup: Setup;
  readonly sessions: Sessions;
  readonly secondFactors: SecondFactors;
  readonly passkeys: Passkeys;
  readonly apiKeys: ApiKeys;
  readonly auditLogReader: AuditLogReader;
  readonly auditor: Auditor;
  readonly sessionService: SessionService;
  readonly signInService: SignInService;
  readonly passkeyService: PasskeyService;
  /** Absent where people sign in here alone. */
  readonly singleSignOn?: SingleSignOnParts;
  /** Lower-case hex SHA-256 of the administrator's key, as it is now. */
  readonly administratorKeyHash: () => string;
  /** 32 random bytes in the alphabet of keys. */
  readonly newSecret: () => string;
  readonly newId: () => string;
  readonly publicUrl: () => string;
  /** Of Earshot. */
  readonly version: string;
  readonly clock: Clock;
}

/** Routes that open and end sessions. */
export interface SignInArea extends PeopleArea {
  readonly sessionCookie: SessionCookie;
}

/** What signs people in elsewhere. */
export interface SingleSignOnParts {
  /** What the button says. */
  readonly name: string;
  readonly provider: Pick<SingleSignOn, 'begin' | 'finish' | 'signOutUrl' | 'readLogout'>;
  /** The account of the person who came back; rejects with `single-sign-on-refused` or `account-disabled`. */
  readonly admit: (admission: Admission, address: string) => Promise<Account>;
}

/** Calls, and what people write about them. */
export interface CallArea {
  readonly calls: CallsReader;
  readonly journal: Pick<JournalReader, 'ofCall'>;
  readonly recordings: Pick<RecordingsReader, 'get'>;
  readonly comments: Comments;
  readonly tags: Tags;
  readonly savedViews: SavedViews;
  readonly auditLogReader: Pick<AuditLogReader, 'list'>;
  readonly links: Pick<RecordingLinks, 'minter'>;
  readonly newId: () => string;
  readonly clock: Clock;
}

/** Recordings, their audio and their waveforms, by key or by signed link. */
export interface RecordingArea {
  readonly recordings: RecordingsReader;
  readonly recordingsWriter: Pick<RecordingsWriter, 'retryNow' | 'remove'>;
  readonly acknowledgements: Pick<Acknowledgements, 'acknowledgeRecording' | 'ofRecordings'>;
  readonly waveforms: Pick<WaveformsReader, 'get' | 'list'>;
  readonly journal: Pick<JournalReader, 'ofCall'>;
  readonly auditLogReader: Pick<AuditLogReader, 'list'>;
  readonly assets: Pick<AssetStorage, 'read' | 'size' | 'presign' | 'openDraft' | 'remove'>;
  readonly links: RecordingLinks;
  /** Reads all of an asset; undefined where it is what was archived. */
  readonly compareAsset: (asset: Asset) => Promise<AssetDifference | undefined>;
  /** Absent where this machine has no ffmpeg. */
  readonly convertAudio?: ConvertAudio;
  readonly clock: Clock;
}

/** Makes and judges links to recordings (publish/link-keyring.ts). */
export interface RecordingLinks {
  /** What mints links for one answer. */
  minter(): Promise<(recordingId: string) => string>;
  judge(recordingId: string, query: string): Promise<RecordingUrlVerdict>;
}

/** The journal as a feed, and what is published into it. */
export interface MessageArea {
  readonly journal: Pick<JournalReader, 'read'>;
  readonly notifier: EntryNotifier;
  readonly links: Pick<RecordingLinks, 'minter'>;
  /** Rejects with `body-invalid`, or `message-invalid` for the first that is none, and nothing is published. */
  readonly publishMessages: (body: Uint8Array) => Promise<readonly (Published & { readonly type: string })[]>;
  /** Rejects with what publish/publish-recording.ts names, and nothing is left of the upload. */
  readonly publishRecording: (
    parts: AsyncIterable<UploadPart>,
  ) => Promise<Published & { readonly recordingId: string }>;
  readonly clock: Clock;
}

/** `isNew` is false where the journal had the same already. */
interface Published {
  readonly seq: number;
  readonly callId: string;
  readonly isNew: boolean;
}

/** Tables and ZIPs of calls. */
export interface ExportArea {
  readonly calls: Pick<CallsReader, 'count'>;
  readonly jobs: Jobs;
  readonly assets: Pick<AssetStorage, 'read' | 'size'>;
  readonly newId: () => string;
  readonly onJobsChanged: () => void;
  readonly clock: Clock;
}

/** What could not be read as a message. */
export interface QuarantineArea {
  readonly quarantine: Pick<QuarantineReader, 'list' | 'get' | 'kinds'>;
  readonly quarantineWriter: Pick<QuarantineWriter, 'discard' | 'discardChosen'>;
  /**
   * Sorts an item again, with `body` in place of what was received where one is given. Rejects with
   * `quarantine-item-unknown`, or with `quarantine-still-unreadable`, and the item stays as it is.
   */
  readonly retryQuarantined: (
    id: string,
    body?: Uint8Array,
  ) => Promise<Pick<AppendResult, 'appended' | 'duplicates'>>;
}

/** Endpoints, deliveries to them, and replays. */
export interface DeliveryArea {
  readonly endpoints: EndpointsReader;
  readonly endpointsWriter: Pick<EndpointsWriter, 'create' | 'change' | 'remove' | 'rotateSecret'>;
  readonly deliveries: DeliveriesReader;
  readonly replays: ReplaysReader;
  readonly replaysWriter: Pick<ReplaysWriter, 'start' | 'cancel' | 'replayDelivery'>;
  readonly acknowledgements: Pick<Acknowledgements, 'acknowledgeDelivery' | 'ofDeliveries'>;
  readonly journal: Pick<JournalReader, 'lastSeq' | 'seqAt'>;
  readonly checkTarget: CheckTarget;
  /** A new signing secret, `whsec_…`. */
  readonly makeWebhookSecret: () => string;
  /** A new `webhook-id`. */
  readonly makeWebhookId: () => string;
  /** Sends the specification's sample once, signed, as a push to this endpoint would be. The world's no is a value. */
  readonly testEndpoint: (endpoint: Endpoint) => Promise<DeliveryAttempt>;
  /** Counts the messages of a window that the endpoint wants, as a replay would send them. */
  readonly previewReplay: (
    endpointId: string,
    selection: Extract<ReplaySelection, { kind: 'window' }>,
  ) => Promise<{ readonly messages: number }>;
  /** An endpoint, or what it has to send, changed. */
  readonly onEndpointsChanged: () => void;
  readonly clock: Clock;
}

/** Places that pushes come from. */
export interface SourceArea {
  readonly sources: SourceService;
}

/** How the service does, its settings, and demo data. */
export interface ServiceArea {
  readonly readiness: () => Readiness | Promise<Readiness>;
  readonly status: () => Promise<ServiceStatus>;
  readonly overview: () => Promise<Overview>;
  readonly metrics: Metrics;
  readonly live: Pick<LiveEvents, 'listen'>;
  readonly sessions: Pick<Sessions, 'find'>;
  /** Every setting as it is in force; secrets are redacted. */
  readonly settings: () => EffectiveSettings;
  readonly testStorage: () => Promise<StorageTest>;
  readonly demo: DemoService;
  readonly clock: Clock;
}

/** Each answers with how far it is. What was begun goes on by itself. */
export interface DemoService {
  state(): Promise<DemoState>;
  /** Rejects with `demo-refused` or `demo-busy`. */
  load(): Promise<DemoState>;
  /** Rejects with `demo-busy`. */
  remove(): Promise<DemoState>;
}
