export const messageTypes = [
  'AlicomAgentCallRecord',
  'AlicomAgentCallReport',
  'AlicomAgentCallNote',
] as const;

/** What an endpoint has where nothing is said; a test compares them with the server's. */
export const endpointDefaults = {
  types: messageTypes,
  when: 'received',
  recordFile: 'original',
  filter: {},
  batchSize: 100,
  lingerMs: 200,
  timeoutMs: 700,
  concurrency: 1,
  retrySchedule: [60, 300, 600],
  jitter: 0,
  retryAfter: false,
  halving: true,
  gzip: false,
  headers: {},
} as const;

/** Bounds of the numbers, as the contract has them. */
export const bounds = {
  batchSize: { min: 1, max: 10_000 },
  lingerMs: { min: 0, max: 60_000 },
  timeoutMs: { min: 1, max: 60_000 },
  concurrency: { min: 1, max: 64 },
  jitterPercent: { min: 0, max: 100 },
  ratePerSecond: { min: 0.0001 },
  minDurationSeconds: { min: 0 },
} as const;

/** Of one wait, and of all of them. */
export const maxWaitSeconds = 604_800;
export const maxWaits = 100;
