import type { Logger } from 'pino';
import { earshotActor, type AuditedAct } from '../access/auditor.js';
import type { OverLimit } from './source-days.js';

/** Tells log and audit log that a source has sent what it may; whoever has set its limit decides what follows. */
export function tellOverLimit(
  log: Logger,
  record: (act: AuditedAct) => Promise<void>,
): (over: OverLimit) => void {
  return ({ source, pushBytesPerDay }) => {
    log.error(
      { source, pushBytesPerDay },
      'A source has sent what it may in one day: its pushes are answered 503 until the day is over. ' +
        'A sender that gives up loses them; a higher limit lets them in at once.',
    );
    const detail = { name: source, pushBytesPerDay };
    void record({ actor: earshotActor, action: 'source.over-limit', detail }).catch((error: unknown) => {
      log.warn({ err: error, source }, 'The audit log could not be told of a source that is over its limit.');
    });
  };
}
