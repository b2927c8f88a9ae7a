import { parseFaults, type SimulationRequest } from '../../simulator/simulation-options.js';
import type { SimulationReport } from '../../simulator/simulation-report.js';
import { openSimulator } from '../../simulator/simulator.js';

export type { SimulationReport };

export interface SimulationCommand extends Omit<SimulationRequest, 'faults'> {
  /** `NAME=SHARE` each. */
  readonly faults: readonly string[];
  /** After the last push the links are served until every recording was fetched, or nobody asked for this long. */
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
