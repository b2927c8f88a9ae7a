import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** Of nice's scale: about a tenth of the processor where intake wants it all, everything where it does not. */
const behindIntake = 10;

/**
 * Lets the calling thread yield to intake and the inbox, which have a time to keep; what runs here only has
 * to catch up. Linux gives every thread a priority of its own; elsewhere nothing changes.
 */
export function yieldToIntake(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), behindIntake);
  } catch {
    // No such file, or not permitted: the threads share the processor as equals.
  }
}
