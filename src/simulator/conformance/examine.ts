import type { Clock, Random } from '../../domain/clock.js';
import { SimulationOptionError } from '../simulation-options.js';
import { createStop, waitForReal, type Wait } from '../wait.js';
import { createExamClient, createExamSigner, type ExamSigner } from './exam-client.js';
import { createExamData } from './exam-push.js';
import type { Exam, RateFigure, Step, Finding } from './exam.js';
import { bodies, largeBody } from './steps/bodies.js';
import { connections, connectivity, risingRates } from './steps/connections.js';
import { firstPush, repetition, signatures } from './steps/first-push.js';

export interface ExaminationRequest {
  /** The receiver's push address: an http or https URL, sent to as it is. */
  readonly to: string;
  /** Pushes a second at most. Default: 200; up to 800. */
  readonly rateLimit?: number;
  /** `whsec_…`: signs every push, and examines whether forgeries are refused. */
  readonly secret?: string;
}

export interface ExaminationDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly stopwatch?: () => number;
  readonly wait?: Wait;
  /** How long an answer is waited for where no rule says otherwise. Default: 5 s. */
  readonly patienceMs?: number;
  /** Told of each finding as soon as it is there. */
  readonly onFinding?: (finding: Finding) => void;
}

export interface ExaminationReport {
  /** Whether everything that the protocol demands holds. */
  readonly conforms: boolean;
  /** Scheme, host and port; the rest of the address may hold a secret. */
  readonly receiver: string;
  /** What the callIds of this examination begin with. */
  readonly callIdPrefix: string;
  readonly findings: readonly Finding[];
  readonly rates: readonly RateFigure[];
  /** Messages that were acknowledged, each callId once. */
  readonly acknowledgedCalls: number;
  /** What cannot be seen from outside: sentences that say what to look for in the receiver. */
  readonly lookFor: readonly string[];
  /** Set where it was stopped before its end: then it says nothing for the receiver. */
  readonly stopped?: true;
}

const defaultRateLimit = 200;
const defaultPatienceMs = 5_000;

/** In this order, so that what explains most comes first. */
const steps: readonly Step[] = [
  connectivity,
  bodies,
  repetition,
  connections,
  signatures,
  largeBody,
  risingRates,
];

/**
 * Examines a receiver of the protocol from outside, as its sender would see it. It leaves up to some 1,500 marked
 * messages there. A receiver that does not answer the first push is not examined further.
 * @throws SimulationOptionError for what cannot be examined.
 */
export async function examine(
  request: ExaminationRequest,
  deps: ExaminationDeps,
  signal: AbortSignal = new AbortController().signal,
): Promise<ExaminationReport> {
  const receiver = requireAddress(request.to);
  const exam = openExam(request, deps, signal);
  const findings: Finding[] = [];
  const run = async (step: Step): Promise<void> => {
    for await (const finding of step(exam)) {
      // What was under way when it was stopped failed for that alone.
      if (signal.aborted) return;
      findings.push(finding);
      deps.onFinding?.(finding);
    }
  };
  try {
    await run(firstPush);
    const isThere = findings[0]?.verdict === 'pass';
    for (const step of isThere ? steps : []) if (!signal.aborted) await run(step);
  } finally {
    await exam.client.close();
  }
  return {
    conforms: !signal.aborted && findings.every(({ verdict }) => verdict !== 'fail'),
    receiver,
    callIdPrefix: exam.data.prefix,
    findings,
    rates: exam.figures,
    acknowledgedCalls: exam.acknowledged.size,
    lookFor: exam.lookFor,
    ...(signal.aborted ? { stopped: true } : {}),
  };
}

function openExam(request: ExaminationRequest, deps: ExaminationDeps, signal: AbortSignal): Exam {
  const {
    clock,
    random,
    stopwatch = () => performance.now(),
    wait = waitForReal,
    patienceMs = defaultPatienceMs,
  } = deps;
  const { rateLimit = defaultRateLimit, secret } = request;
  if (!(rateLimit >= 1)) throw new SimulationOptionError('the rate limit must be a number, 1 or more');
  const runId = Math.floor(random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
  // Hundreds of pushes may be under way, and each listens.
  const stop = createStop();
  signal.addEventListener('abort', () => {
    stop.abort();
  });
  if (signal.aborted) stop.abort();
  return {
    client: createExamClient({
      to: request.to,
      signer: openSigner(secret, clock),
      patienceMs,
      stopwatch,
      signal: stop.signal,
    }),
    data: createExamData(runId, clock),
    wait,
    stopwatch,
    signal: stop.signal,
    rateLimit,
    isSigned: secret !== undefined,
    lookFor: [],
    figures: [],
    acknowledged: new Set(),
  };
}

function openSigner(secret: string | undefined, clock: Clock): ExamSigner {
  try {
    return createExamSigner(secret, clock);
  } catch {
    throw new SimulationOptionError('the secret is "whsec_" and base64, as GET of one endpoint shows it');
  }
}

function requireAddress(to: string): string {
  const url = URL.canParse(to) ? new URL(to) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    // The text itself stays out of the message: a push URL holds the receiver's secret.
    throw new SimulationOptionError('the address must be a whole http or https URL');
  }
  return url.origin;
}
