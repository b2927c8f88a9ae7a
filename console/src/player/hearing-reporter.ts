import { HearingLog, type Heard } from './hearing-log.ts';

const everyMs = 10_000;
/** What one report may hold. */
const maxStretches = 200;

export interface HearingReporter {
  readonly log: HearingLog;
  /** Tells what is still untold, and stops. */
  close(): void;
}

/**
 * Tells every ten seconds, and when the page is left or hidden, what was heard. What could not be told is told
 * with the next report.
 */
export function startHearingReports(tell: (stretches: Heard[]) => Promise<void>): HearingReporter {
  const log = new HearingLog();
  let untold: Heard[] = [];
  const report = (): void => {
    const stretches = [...untold, ...log.take()].slice(-maxStretches);
    untold = [];
    if (stretches.length === 0) return;
    tell(stretches).catch(() => {
      untold = [...stretches, ...untold];
    });
  };
  const onHidden = (): void => {
    if (document.visibilityState === 'hidden') report();
  };
  const timer = setInterval(report, everyMs);
  window.addEventListener('pagehide', report);
  document.addEventListener('visibilitychange', onHidden);
  return {
    log,
    close: () => {
      clearInterval(timer);
      window.removeEventListener('pagehide', report);
      document.removeEventListener('visibilitychange', onHidden);
      log.stop();
      report();
    },
  };
}

/** Says which listen a report is of. Not a secret; `crypto.randomUUID` is missing where there is no https. */
export function createListenId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
