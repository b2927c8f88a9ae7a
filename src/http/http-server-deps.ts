import type { Logger } from 'pino';
import type { Auditor } from '../access/auditor.js';
import type { SessionDesk } from '../access/session-desk.js';
import type { KeyVerifierDeps } from './key-verifier.js';
import type { ConsoleFiles } from './console-files.js';
import type { PushHandler } from './raw-server.js';
import type { AccessRoutesDeps } from './routes/access-routes.js';
import type { AudioRoutesDeps } from './routes/audio-routes.js';
import type { CallRoutesDeps } from './routes/call-routes.js';
import type { CauseRoutesDeps, DeliveryRoutesDeps } from './routes/delivery-routes.js';
import type { CommentRoutesDeps } from './routes/comment-routes.js';
import type { DemoRoutesDeps } from './routes/demo-routes.js';
import type { EndpointActRoutesDeps } from './routes/endpoint-act-routes.js';
import type { EndpointRoutesDeps } from './routes/endpoint-routes.js';
import type { ExportFileRoutesDeps } from './routes/export-file-routes.js';
import type { ExportRoutesDeps } from './routes/export-routes.js';
import type { FeedRoutesDeps } from './routes/feed-routes.js';
import type { LinkRoutesDeps } from './routes/link-routes.js';
import type { OverviewRoutesDeps } from './routes/overview-routes.js';
import type { PublishRoutesDeps } from './routes/publish-routes.js';
import type { QuarantineChoiceRoutesDeps } from './routes/quarantine-choice-routes.js';
import type { QuarantineRoutesDeps } from './routes/quarantine-routes.js';
import type { RecordingRoutesDeps, RemovalRouteDeps } from './routes/recording-routes.js';
import type { ReplayRoutesDeps } from './routes/replay-routes.js';
import type { ServiceRoutesDeps } from './routes/service-routes.js';
import type { SettingsRoutesDeps } from './routes/settings-routes.js';
import type { SourceRoutesDeps } from './routes/source-routes.js';
import type { TagRoutesDeps } from './routes/tag-routes.js';
import type { ViewRoutesDeps } from './routes/view-routes.js';
import type { WaveformRoutesDeps } from './routes/waveform-routes.js';

/** What all routes need together; each declares its own two or three. */
export type HttpServerDeps = KeyVerifierDeps &
  Omit<AccessRoutesDeps, 'sessionCookie'> &
  CallRoutesDeps &
  RecordingRoutesDeps &
  AudioRoutesDeps &
  WaveformRoutesDeps &
  QuarantineRoutesDeps &
  QuarantineChoiceRoutesDeps &
  FeedRoutesDeps &
  ExportRoutesDeps &
  ExportFileRoutesDeps &
  EndpointRoutesDeps &
  EndpointActRoutesDeps &
  DeliveryRoutesDeps &
  ReplayRoutesDeps &
  LinkRoutesDeps &
  PublishRoutesDeps &
  RemovalRouteDeps &
  ServiceRoutesDeps &
  CommentRoutesDeps &
  TagRoutesDeps &
  ViewRoutesDeps &
  SourceRoutesDeps &
  OverviewRoutesDeps &
  SettingsRoutesDeps &
  CauseRoutesDeps &
  DemoRoutesDeps & {
    readonly intake: PushHandler;
    readonly auditor: Auditor;
    readonly sessionDesk: SessionDesk;
    /** CIDRs of proxies in front; none where absent. */
    readonly trustedProxies?: readonly string[];
    readonly logger: Logger;
    /** Absent where nothing but the API is served. */
    readonly consoleFiles?: ConsoleFiles;
    /** Of Earshot, for the description. */
    readonly version: string;
    /** The parts that this process runs; without `api` only pushes, health and metrics are served. */
    readonly serves?: { readonly api: boolean };
  };
