import {
  examine,
  type ExaminationReport,
  type ExaminationRequest,
} from '../../simulator/conformance/examine.js';
import type { Finding } from '../../simulator/conformance/finding.js';

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
