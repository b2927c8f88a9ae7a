import { accessCalls } from './access-calls.js';
import type { AcknowledgementRequest } from './acknowledgements.js';
import {
  callPath,
  endpointPath,
  recordingPath,
  toQuery,
  createRequests,
  json,
  type ClientOptions,
} from './client-requests.js';
import type { AuditPage, AuditParameters, AuditVerdict } from './audit.js';
import type {
  CallCount,
  CallCountParameters,
  CallHistory,
  CallDetail,
  CallPage,
  CallParameters,
  HearingReport,
} from './calls.js';
import type {
  Comment,
  CommentChange,
  CommentCreation,
  CommentList,
  SavedView,
  SavedViewChange,
  SavedViewCreation,
  SavedViewList,
  CallTags,
  TagList,
} from './reviews.js';
import type { Delivery, DeliveryDetail, DeliveryPage, DeliveryParameters } from './deliveries.js';
import type { EndpointChange, EndpointCreation } from './endpoint-settings.js';
import type {
  Endpoint,
  EndpointDetail,
  EndpointPage,
  EndpointParameters,
  EndpointTest,
  SecretRotation,
} from './endpoints.js';
import type { Export, ExportPage, ExportParameters, ExportRequest } from './exports.js';
import type { FeedPage, FeedParameters } from './messages.js';
import type { PublishedMessages, PublishedRecording } from './publishing.js';
import type * as quarantine from './quarantine.js';
import type {
  ListedRecording,
  Recording,
  RecordingDetail,
  RecordingPage,
  RecordingParameters,
} from './recordings.js';
import type { Replay, ReplayList, ReplayParameters, ReplayPreview, ReplayRequest } from './replays.js';
import type { DeliveryCauses, DemoState, EffectiveSettings, Overview, StorageTest } from './service.js';
import type * as sources from './sources.js';
import type { Status } from './status.js';
import type { Waveform, WaveformList, WaveformListParameters } from './waveforms.js';

export { ApiProblem } from './client-requests.js';

/**
 * The API as functions, for the command line and the console. Each rejects with `ApiProblem` where the
 * server refuses and with fetch's `TypeError` where it cannot be reached. `message` of an entry comes
 * parsed: a number beyond 2^53 keeps its digits only in the answer's text.
 */
export function createClient(options: ClientOptions) {
  const requests = createRequests(options);
  const { root, send, get, act, tell } = requests;
  return {
    calls: {
      search: (parameters: CallParameters = {}) => get<CallPage>('calls', parameters),
      /** How many a search would find, up to 10,000. */
      count: (parameters: CallCountParameters = {}) => get<CallCount>('call-count', parameters),
      get: (callId: string) => get<CallDetail>(callPath(callId)),
      /** `CallDetail` as JSON text, in which messages have every digit as received. */
      getText: async (callId: string) => (await send('GET', callPath(callId))).text(),
      comments: (callId: string) => get<CommentList>(callPath(callId, 'comments')),
      comment: (callId: string, comment: CommentCreation) =>
        act<Comment>('POST', callPath(callId, 'comments'), comment),
      /** Answers with the tags that the call has then. */
      addTag: (callId: string, tag: string) =>
        act<CallTags>('PUT', `${callPath(callId, 'tags')}/${encodeURIComponent(tag)}`),
      removeTag: (callId: string, tag: string) =>
        act<CallTags>('DELETE', `${callPath(callId, 'tags')}/${encodeURIComponent(tag)}`),
      /** What was done with it: looks, listens, downloads. */
      history: (callId: string) => get<CallHistory>(callPath(callId, 'history')),
    },
    comments: {
      change: (id: string, change: CommentChange) =>
        act<Comment>('PATCH', `comments/${encodeURIComponent(id)}`, change),
      remove: (id: string) => tell('DELETE', `comments/${encodeURIComponent(id)}`),
    },
    tags: () => get<TagList>('tags'),
    recordings: {
      list: (parameters: RecordingParameters = {}) => get<RecordingPage>('recordings', parameters),
      get: (id: string) => get<RecordingDetail>(recordingPath(id)),
      /** The audio as a response whose body streams; `range` as in a Range header: `bytes=0-99`. */
      audio: (id: string, range?: string) =>
        send('GET', recordingPath(id, 'audio'), range ? { headers: { range } } : {}),
      retry: (id: string) => act<Recording>('POST', recordingPath(id, 'retry')),
      acknowledge: (id: string, request: AcknowledgementRequest) =>
        act<ListedRecording>('POST', recordingPath(id, 'acknowledge'), request),
      /** Deletes the audio for good. */
      remove: (id: string) => tell('DELETE', recordingPath(id)),
      waveform: (id: string) => get<Waveform>(recordingPath(id, 'waveform')),
      waveforms: (parameters: WaveformListParameters) => get<WaveformList>('waveforms', parameters),
      /** Tells which stretches were heard, even while the page is being left. */
      heard: async (id: string, report: HearingReport) => {
        await send('POST', recordingPath(id, 'heard'), { ...json(report), keepalive: true });
      },
      /** Publishes a call record, as the object's JSON text, and its audio. */
      publish: async (message: string, audio: Blob) => {
        const body = new FormData();
        body.append('message', message);
        body.append('audio', audio, 'audio');
        return (await (await send('POST', 'recordings', { body })).json()) as PublishedRecording;
      },
    },
    messages: {
      /** With `wait`, answers with the next entry, or empty after that many seconds. */
      read: (parameters: FeedParameters = {}) => get<FeedPage>('messages', parameters),
      /** Publishes messages: the JSON text of an array of them, or of one. */
      publish: async (messages: string) => {
        const init = { body: messages, headers: { 'content-type': 'application/json' } };
        return (await (await send('POST', 'messages', init)).json()) as PublishedMessages;
      },
    },
    quarantine: {
      list: (parameters: quarantine.QuarantineParameters = {}) =>
        get<quarantine.QuarantinePage>('quarantine', parameters),
      get: (id: string) => get<quarantine.QuarantineDetail>(`quarantine/${encodeURIComponent(id)}`),
      /** Sorts the item again; `corrected` (base64) in place of what was received. */
      retry: (id: string, corrected?: string) =>
        act<quarantine.QuarantineRetry>(
          'POST',
          `quarantine/${encodeURIComponent(id)}/retry`,
          corrected === undefined ? undefined : { body: corrected },
        ),
      kinds: (parameters: quarantine.QuarantineKindParameters = {}) =>
        get<quarantine.QuarantineKindList>('quarantine/kinds', parameters),
      /** Some of a choice: with `nextCursor` in the answer there are more. */
      retryChosen: (choice: quarantine.QuarantineRetryChoice) =>
        act<quarantine.QuarantineRetriedMany>('POST', 'quarantine/retry', choice),
      /** Many of a choice: with `hasMore` in the answer there are more. */
      discardChosen: (choice: quarantine.QuarantineChoice) =>
        act<quarantine.QuarantineDiscarded>('POST', 'quarantine/discard', choice),
      discard: (id: string) => tell('DELETE', `quarantine/${encodeURIComponent(id)}`),
    },
    endpoints: {
      list: (parameters: EndpointParameters = {}) => get<EndpointPage>('endpoints', parameters),
      get: (id: string) => get<EndpointDetail>(endpointPath(id)),
      create: (endpoint: EndpointCreation) => act<EndpointDetail>('POST', 'endpoints', endpoint),
      change: (id: string, change: EndpointChange) => act<Endpoint>('PATCH', endpointPath(id), change),
      remove: (id: string) => tell('DELETE', endpointPath(id)),
      test: (id: string) => act<EndpointTest>('POST', endpointPath(id, 'test')),
      pause: (id: string) => act<Endpoint>('POST', endpointPath(id, 'pause')),
      resume: (id: string) => act<Endpoint>('POST', endpointPath(id, 'resume')),
      rotateSecret: (id: string, rotation: SecretRotation = {}) =>
        act<EndpointDetail>('POST', endpointPath(id, 'rotate-secret'), rotation),
      /** Without a request: all dead deliveries. */
      replay: (id: string, request: Omit<ReplayRequest, 'preview'> = {}) =>
        act<Replay>('POST', endpointPath(id, 'replay'), request),
      previewReplay: (id: string, request: Omit<ReplayRequest, 'preview'> = {}) =>
        act<ReplayPreview>('POST', endpointPath(id, 'replay'), { ...request, preview: true }),
    },
    deliveries: {
      list: (parameters: DeliveryParameters = {}) => get<DeliveryPage>('deliveries', parameters),
      causes: (endpointId?: string) => get<DeliveryCauses>('deliveries/causes', { endpointId }),
      get: (id: string) => get<DeliveryDetail>(`deliveries/${encodeURIComponent(id)}`),
      replay: (id: string) => act<Delivery>('POST', `deliveries/${encodeURIComponent(id)}/replay`),
      acknowledge: (id: string, request: AcknowledgementRequest) =>
        act<Delivery>('POST', `deliveries/${encodeURIComponent(id)}/acknowledge`, request),
    },
    replays: {
      list: (parameters: ReplayParameters) => get<ReplayList>('replays', parameters),
      get: (id: string) => get<Replay>(`replays/${encodeURIComponent(id)}`),
      cancel: (id: string) => act<Replay>('POST', `replays/${encodeURIComponent(id)}/cancel`),
    },
    status: () => get<Status>('status'),
    overview: () => get<Overview>('overview'),
    ...accessCalls(requests),
    audit: {
      list: (parameters: AuditParameters = {}) => get<AuditPage>('audit', parameters),
      verify: () => act<AuditVerdict>('POST', 'audit/verify'),
    },
    sources: {
      list: () => get<sources.SourceList>('sources'),
      create: (source: sources.SourceCreation) => act<sources.Source>('POST', 'sources', source),
      change: (id: string, change: sources.SourceChange) =>
        act<sources.Source>('PATCH', `sources/${encodeURIComponent(id)}`, change),
      rotate: (id: string, rotation: sources.SourceRotation = {}) =>
        act<sources.Source>('POST', `sources/${encodeURIComponent(id)}/rotate`, rotation),
      remove: (id: string) => tell('DELETE', `sources/${encodeURIComponent(id)}`),
      /** Pushes the specification's sample to it, over HTTP as a sender would. */
      pushSample: (id: string) =>
        act<sources.SamplePush>('POST', `sources/${encodeURIComponent(id)}/push-sample`),
    },
    views: {
      list: () => get<SavedViewList>('views'),
      create: (view: SavedViewCreation) => act<SavedView>('POST', 'views', view),
      change: (id: string, change: SavedViewChange) =>
        act<SavedView>('PATCH', `views/${encodeURIComponent(id)}`, change),
      remove: (id: string) => tell('DELETE', `views/${encodeURIComponent(id)}`),
    },
    exports: {
      list: (parameters: ExportParameters = {}) => get<ExportPage>('exports', parameters),
      get: (id: string) => get<Export>(`exports/${encodeURIComponent(id)}`),
      create: (request: ExportRequest) => act<Export>('POST', 'exports', request),
      cancel: (id: string) => act<Export>('POST', `exports/${encodeURIComponent(id)}/cancel`),
      /** Where a browser downloads the file from. */
      fileAddress: (id: string) => `${root}/api/v1/exports/${encodeURIComponent(id)}/file`,
    },
    settings: () => get<EffectiveSettings>('settings'),
    testStorage: () => act<StorageTest>('POST', 'storage/test'),
    demo: {
      get: () => get<DemoState>('demo'),
      load: () => act<DemoState>('POST', 'demo'),
      remove: () => act<DemoState>('DELETE', 'demo'),
    },
    /** Where events come from: `liveEvents` of service.ts. */
    liveAddress: `${root}/api/v1/live`,
    /** Where the audio is, for a player; or to save it, or as a WAV made on the fly. */
    audioAddress: (id: string, how: { download?: true; as?: 'wav' } = {}) =>
      `${root}/api/v1/${recordingPath(id, 'audio')}${toQuery(how)}`,
  };
}
