import type { Endpoint } from '../../../../../src/contract/endpoints.ts';
import { endpointDefaults } from './endpoint-defaults.ts';
import { writeSchedule } from './schedule-text.ts';

export type MessageType = Endpoint['types'][number];

/** A number in its field: '' while it is empty, text while it is no number yet. */
export type NumberText = number | string;

export interface HeaderLine {
  readonly name: string;
  readonly value: string;
}

/** The form, member by member as its fields hold it. */
export interface EndpointValues {
  readonly name: string;
  readonly url: string;
  readonly types: readonly MessageType[];
  readonly when: Endpoint['when'];
  readonly recordFile: Endpoint['recordFile'];
  readonly taskId: string;
  readonly batchId: string;
  readonly outIdPrefix: string;
  readonly minDurationSeconds: NumberText;
  readonly batchSize: NumberText;
  readonly lingerMs: NumberText;
  readonly timeoutMs: NumberText;
  readonly concurrency: NumberText;
  readonly ratePerSecond: NumberText;
  readonly retrySchedule: string;
  readonly jitterPercent: NumberText;
  readonly retryAfter: boolean;
  readonly halving: boolean;
  readonly gzip: boolean;
  readonly headers: readonly HeaderLine[];
  readonly auth: 'none' | 'basic' | 'bearer';
  readonly username: string;
  /** Empty in the form of an endpoint that has one: the server tells it to nobody, and it stays as it is. */
  readonly password: string;
  readonly token: string;
  readonly start: 'now' | 'beginning' | 'instant';
  /** Of `instant`: as a field for date and time has it, in the browser's zone. */
  readonly startAt: string;
}

export type FieldName = keyof EndpointValues;

const { filter: _filter, headers: _headers, jitter, retrySchedule, ...plainDefaults } = endpointDefaults;

export const blankEndpoint: EndpointValues = {
  name: '',
  url: '',
  ...plainDefaults,
  taskId: '',
  batchId: '',
  outIdPrefix: '',
  minDurationSeconds: '',
  ratePerSecond: '',
  retrySchedule: writeSchedule(retrySchedule),
  jitterPercent: jitter * 100,
  headers: [],
  auth: 'none',
  username: '',
  password: '',
  token: '',
  start: 'now',
  startAt: '',
};

/** The form of an endpoint that there is. */
export function toValues(endpoint: Endpoint): EndpointValues {
  const { filter, auth } = endpoint;
  return {
    name: endpoint.name,
    url: endpoint.url,
    types: endpoint.types,
    when: endpoint.when,
    recordFile: endpoint.recordFile,
    taskId: filter.taskId ?? '',
    batchId: filter.batchId ?? '',
    outIdPrefix: filter.outIdPrefix ?? '',
    minDurationSeconds: filter.minDurationSeconds ?? '',
    batchSize: endpoint.batchSize,
    lingerMs: endpoint.lingerMs,
    timeoutMs: endpoint.timeoutMs,
    concurrency: endpoint.concurrency,
    ratePerSecond: endpoint.ratePerSecond ?? '',
    retrySchedule: writeSchedule(endpoint.retrySchedule),
    // Rounded: 0.07 × 100 is not 7.
    jitterPercent: Number((endpoint.jitter * 100).toFixed(6)),
    retryAfter: endpoint.retryAfter,
    halving: endpoint.halving,
    gzip: endpoint.gzip,
    headers: Object.entries(endpoint.headers).map(([name, value]) => ({ name, value })),
    auth: auth?.type === 'basic' || auth?.type === 'bearer' ? auth.type : 'none',
    username: auth?.username ?? '',
    password: '',
    token: '',
    start: 'now',
    startAt: '',
  };
}
