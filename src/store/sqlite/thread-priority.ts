import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** Of nice's scale: about a tenth of the processor where intake wants it all, everything where it does not. */
const behindIntake = 10;
/** A quarter of what one of the others gets where both want it all. */
const behindOthers = 16;

/**
 * Lets the calling thread yield to intake and the inbox, which have a time to keep; what runs here only has
 * to catch up. Linux gives every thread a priority of its own; elsewhere nothing changes.
 */
export function yieldToIntake(): void {
  yieldBy(behindIntake);
}

/** Lets it yield to those as well: nobody waits for what it does, and there may be years of it. */
export function yieldToOthers(): void {
  yieldBy(behindOthers);
}

function yieldBy(nice: number): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), nice);
  } catch {
    // No such file, or not permitted: the threads share the processor as equals.
  }
}
