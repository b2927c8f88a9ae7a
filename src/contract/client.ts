import type { CallDetail, CallPage, CallParameters } from './calls.js';
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
import type { FeedPage, FeedParameters } from './messages.js';
import type { Problem } from './problem.js';
import type { PublishedMessages, PublishedRecording } from './publishing.js';
import type {
  QuarantineDetail,
  QuarantinePage,
  QuarantineParameters,
  QuarantineRetry,
} from './quarantine.js';
import type { Recording, RecordingDetail, RecordingPage, RecordingParameters } from './recordings.js';
import type { Replay, ReplayList, ReplayParameters, ReplayPreview, ReplayRequest } from './replays.js';
import type { Status } from './status.js';

export interface ClientOptions {
  /** Where the server is reached: `http://127.0.0.1:8080`; a path prefix is kept. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch?: typeof fetch;
}

/** The server said no. `code` is a word of docs/errors.md; `unexpected-answer` where something else answered. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(
    readonly status: number,
    problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.code = problem.code ?? 'unexpected-answer';
    this.remedy = problem.remedy;
  }
}

/**
 * The API as functions, for the command line and the console. Each rejects with `ApiProblem` where the
 * server refuses and with fetch's `TypeError` where it cannot be reached. `message` of an entry comes
 * parsed: a number beyond 2^53 keeps its digits only in the answer's text.
 */
export function createClient(options: ClientOptions) {
  const root = options.baseUrl.replace(/\/+$/, '');
  const request = options.fetch ?? fetch;

  async function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${options.apiKey}`);
    const response = await request(`${root}/api/v1/${path}`, { ...init, method, headers });
    if (!response.ok) throw new ApiProblem(response.status, await readProblem(response));
    return response;
  }

  async function get<Answer>(path: string, parameters: object = {}): Promise<Answer> {
    const response = await send('GET', path + toQuery(parameters));
    return (await response.json()) as Answer;
  }

  /** A request that changes something; `body` as JSON where there is one. */
  async function act<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await send(method, path, body === undefined ? {} : json(body));
    return (await response.json()) as Answer;
  }

  return {
    calls: {
      search: (parameters: CallParameters = {}) => get<CallPage>('calls', parameters),
      get: (callId: string) => get<CallDetail>(`calls/${encodeURIComponent(callId)}`),
    },
    recordings: {
      list: (parameters: RecordingParameters = {}) => get<RecordingPage>('recordings', parameters),
      get: (id: string) => get<RecordingDetail>(`recordings/${encodeURIComponent(id)}`),
      /** The audio as a response whose body streams; `range` as in a Range header: `bytes=0-99`. */
      audio: (id: string, range?: string) =>
        send('GET', `recordings/${encodeURIComponent(id)}/audio`, range ? { headers: { range } } : {}),
      retry: (id: string) => act<Recording>('POST', `recordings/${encodeURIComponent(id)}/retry`),
      /** Deletes the audio for good. */
      remove: async (id: string) => {
        await send('DELETE', `recordings/${encodeURIComponent(id)}`);
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
      list: (parameters: QuarantineParameters = {}) => get<QuarantinePage>('quarantine', parameters),
      get: (id: string) => get<QuarantineDetail>(`quarantine/${encodeURIComponent(id)}`),
      /** Sorts the item again; `corrected` (base64) in place of what was received. */
      retry: (id: string, corrected?: string) =>
        act<QuarantineRetry>(
          'POST',
          `quarantine/${encodeURIComponent(id)}/retry`,
          corrected === undefined ? undefined : { body: corrected },
        ),
      discard: async (id: string) => {
        await send('DELETE', `quarantine/${encodeURIComponent(id)}`);
      },
    },
    endpoints: {
      list: (parameters: EndpointParameters = {}) => get<EndpointPage>('endpoints', parameters),
      get: (id: string) => get<EndpointDetail>(endpointPath(id)),
      create: (endpoint: EndpointCreation) => act<EndpointDetail>('POST', 'endpoints', endpoint),
      change: (id: string, change: EndpointChange) => act<Endpoint>('PATCH', endpointPath(id), change),
      remove: async (id: string) => {
        await send('DELETE', endpointPath(id));
      },
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
      get: (id: string) => get<DeliveryDetail>(`deliveries/${encodeURIComponent(id)}`),
      replay: (id: string) => act<Delivery>('POST', `deliveries/${encodeURIComponent(id)}/replay`),
    },
    replays: {
      list: (parameters: ReplayParameters) => get<ReplayList>('replays', parameters),
      get: (id: string) => get<Replay>(`replays/${encodeURIComponent(id)}`),
      cancel: (id: string) => act<Replay>('POST', `replays/${encodeURIComponent(id)}/cancel`),
    },
    status: () => get<Status>('status'),
  };
}

function endpointPath(id: string, act?: string): string {
  return `endpoints/${encodeURIComponent(id)}${act === undefined ? '' : `/${act}`}`;
}

function json(value: unknown): RequestInit {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

function toQuery(parameters: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}

async function readProblem(response: Response): Promise<Partial<Problem>> {
  // A proxy in between may answer with a page of its own.
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) return {};
  return (await response.json().catch(() => ({}))) as Partial<Problem>;
}
