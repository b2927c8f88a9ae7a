import { parseFaults, type SimulationRequest } from '../../simulator/simulation-options.js';
import type { SimulationReport } from '../../simulator/simulation-report.js';
import { openSimulator } from '../../simulator/simulator.js';
import { AppError } from '../../domain/errors.js';
import {
  type ReceiverEvent,
  type ReceiverPush,
  openReceiver,
  type Receiver,
} from '../../simulator/receiver/receiver.js';
import type { ReceiverRequest } from '../../simulator/receiver/receiver-options.js';
import {
  type ExaminationReport,
  type ExaminationRequest,
  examine,
} from '../../simulator/conformance/examine.js';
import type { Finding } from '../../simulator/conformance/exam.js';

export type { SimulationReport };

export interface SimulationCommand extends Omit<SimulationRequest, 'faults'> {
  /** `NAME=SHARE` each. */
  readonly faults: readonly string[];
  /** After the last push the links are served until every recording was fetched, or no request came for this long. */
  readonly lingerMs: number;
}

/**
 * Plays the sender of the specification once. `expired` recordings and what was given up cannot be fetched.
 * @throws SimulationOptionError for what cannot be simulated.
 */
export async function simulate(
  { faults, lingerMs, ...request }: SimulationCommand,
  onProgress: (calls: number, ofCalls: number) => void,
  signal: AbortSignal,
): Promise<SimulationReport> {
  const simulator = await openSimulator(
    { ...request, faults: parseFaults(faults) },
    {
      clock: () => Date.now(),
      onEvent: (event) => {
        if (event.kind === 'progress') onProgress(event.calls, event.ofCalls);
      },
    },
  );
  try {
    await simulator.run(signal);
    await simulator.untilFetched(lingerMs, signal);
    return simulator.report();
  } finally {
    await simulator.close();
  }
}

export type { Receiver, ReceiverEvent, ReceiverPush };

/**
 * Opens a receiver for trying things.
 * @throws SimulationOptionError for what cannot be; AppError where the address is taken.
 */
export async function listen(
  request: ReceiverRequest & { readonly host: string; readonly port: number },
  onEvent: (event: ReceiverEvent) => void,
): Promise<Receiver> {
  try {
    return await openReceiver(request, { clock: () => Date.now(), onEvent });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new AppError('address-in-use', `Something listens on ${request.host}:${request.port} already.`);
    throw error;
  }
}

export type { ExaminationReport, Finding };

/**
 * Examines anyone's receiver of the protocol.
 * @throws SimulationOptionError for what cannot be examined.
 */
export function examineReceiver(
  request: ExaminationRequest,
  onFinding: (finding: Finding) => void,
  signal: AbortSignal,
): Promise<ExaminationReport> {
  return examine(request, { clock: () => Date.now(), random: Math.random, onFinding }, signal);
}
