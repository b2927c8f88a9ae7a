import { faultNames, isFaultName } from './fault.js';
import type { FaultName, FaultShares } from './fault.js';

export const linkVersions = ['v1', 'v2', 'v4'] as const;
export type LinkVersion = (typeof linkVersions)[number];

/** What a simulation does. `completeOptions` fills in what a caller leaves out. */
export interface SimulationOptions {
  /** Where to push: an http or https URL, sent to as it is. */
  readonly to: string;
  readonly calls: number;
  /** Calls a second, open loop: the sender does not slow down for a slow receiver. Infinity: as fast as it can. */
  readonly rate: number;
  /** Messages in one push. */
  readonly batch: number;
  readonly faults: FaultShares;
  /** Divides the week a link lives, the waits between retries and the time a late object takes; never the 700 ms. */
  readonly timeScale: number;
  /** The same seed makes the same calls, audio and faults. Absent: taken from the clock, and named in the report. */
  readonly seed?: number;
  /** Most attempts in flight at once. */
  readonly concurrency: number;
  /** Share of calls, 0 to 1, that also get an AlicomAgentCallReport, an AlicomAgentCallNote. */
  readonly reportShare: number;
  readonly noteShare: number;
  /** Shortest and longest call, in seconds. Equal: every call has that length, and so every file its size. */
  readonly minCallSeconds: number;
  readonly maxCallSeconds: number;
  readonly codec: 'alaw' | 'pcm' | 'mixed';
  readonly channels: 1 | 2 | 'mixed';
  readonly linkVersions: readonly LinkVersion[];
  readonly storageHost: string;
  /** 0: any free port. */
  readonly storagePort: number;
  /** How the receiver reaches the storage, such as `http://storage.test:9000`; absent: by host and port. */
  readonly storageOrigin?: string;
  /** The sender's whole patience with one attempt. */
  readonly timeoutMs: number;
}

export type SimulationRequest = Pick<SimulationOptions, 'to' | 'calls' | 'rate'> & Partial<SimulationOptions>;

/** The caller asked for something that cannot be; the message says what would do. */
export class SimulationOptionError extends Error {
  override readonly name = 'SimulationOptionError';
}

const defaults = {
  batch: 1,
  faults: {},
  timeScale: 1,
  concurrency: 64,
  reportShare: 0,
  noteShare: 0,
  minCallSeconds: 5,
  maxCallSeconds: 1200,
  codec: 'mixed',
  channels: 'mixed',
  linkVersions,
  storageHost: '127.0.0.1',
  storagePort: 0,
  // Specification page, section 1: the time-out of this whole family of pushes.
  timeoutMs: 700,
} as const satisfies Partial<SimulationOptions>;

/** Fills in defaults and refuses, with a SimulationOptionError, what cannot be simulated. */
export function completeOptions(request: SimulationRequest): SimulationOptions {
  const options: SimulationOptions = { ...defaults, ...request };
  requireUrl(options.to);
  requireWhole('calls', options.calls, 0);
  requireWhole('batch', options.batch, 1);
  requireWhole('concurrency', options.concurrency, 1);
  requireWhole('storagePort', options.storagePort, 0);
  requirePositive('rate', options.rate);
  requirePositive('timeScale', options.timeScale);
  requirePositive('timeoutMs', options.timeoutMs);
  requirePositive('minCallSeconds', options.minCallSeconds);
  requireShare('reportShare', options.reportShare);
  requireShare('noteShare', options.noteShare);
  if (options.seed !== undefined) requireWhole('seed', options.seed, 0);
  for (const [name, share] of Object.entries(options.faults)) requireFault(name, share);
  if (!(options.maxCallSeconds >= options.minCallSeconds && options.maxCallSeconds < Infinity)) {
    throw new SimulationOptionError('maxCallSeconds must be a number no smaller than minCallSeconds');
  }
  if (options.linkVersions.length === 0)
    throw new SimulationOptionError('linkVersions must name one at least');
  return options;
}

/** Reads one `--fault NAME=SHARE`, such as `late-object=0.1`; throws a SimulationOptionError that lists the names. */
export function parseFault(text: string): { name: FaultName; share: number } {
  const match = /^([^=]*)=(.*)$/.exec(text.trim());
  if (match === null) {
    throw new SimulationOptionError(
      `fault "${text}" is not NAME=SHARE, such as late-object=0.1; ${knownFaults()}`,
    );
  }
  const [, name = '', shareText = ''] = match;
  const share = shareText.trim() === '' ? Number.NaN : Number(shareText);
  return { name: requireFault(name, share), share };
}

/** Reads every `--fault`; a name given twice takes its last share. */
export function parseFaults(texts: readonly string[]): FaultShares {
  const shares: Partial<Record<FaultName, number>> = {};
  for (const { name, share } of texts.map(parseFault)) shares[name] = share;
  return shares;
}

function requireFault(name: string, share: number): FaultName {
  if (!isFaultName(name)) throw new SimulationOptionError(`no fault is called "${name}"; ${knownFaults()}`);
  requireShare(`the share of fault ${name}`, share);
  return name;
}

function knownFaults(): string {
  return `known faults: ${faultNames.join(', ')}`;
}

function requireUrl(to: string): void {
  const protocol = URL.canParse(to) ? new URL(to).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:') {
    // The text itself stays out of the message: a push URL holds the source's secret.
    throw new SimulationOptionError('the push URL must be a whole http or https URL');
  }
}

function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new SimulationOptionError(`${name} must be a whole number, ${least} or more`);
  }
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0)) throw new SimulationOptionError(`${name} must be a number greater than 0`);
}

function requireShare(name: string, share: number): void {
  if (!(share >= 0 && share <= 1)) throw new SimulationOptionError(`${name} must be a number from 0 to 1`);
}
