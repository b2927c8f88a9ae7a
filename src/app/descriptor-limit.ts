import { readFileSync } from 'node:fs';
import { AppError } from '../domain/errors.js';

/** Nine threads, their databases, logs and wake-ups take about a hundred before the first connection. */
const neededToStart = 128;
/** Connections of senders and listeners, downloads and deliveries come on top. */
const neededToWork = 1_024;

/** How many descriptors this process may have, where the system tells; Node has raised it as far as it may already. */
function readLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined || soft === 'unlimited' ? Infinity : Number(soft);
  } catch (error) {
    // Without any left, the limit cannot be read either.
    return (error as NodeJS.ErrnoException).code === 'EMFILE' ? 0 : Infinity;
  }
}

/** Whether a start can fail anywhere for lack of descriptors. */
export function hasTooFewDescriptors(): boolean {
  return readLimit() < neededToStart;
}

/**
 * A sentence where the limit is so low that a busy day would reach it.
 * @throws AppError `descriptors-too-few` where a start could not even open its own files.
 */
export function checkDescriptorLimit(limit = readLimit()): string | undefined {
  if (limit < neededToStart) {
    throw new AppError(
      'descriptors-too-few',
      `The limit of open files is ${limit}, and a server needs ${neededToStart} at least.`,
    );
  }
  if (limit >= neededToWork) return undefined;
  return `The limit of open files is ${limit}: with more than ${limit - neededToStart} connections at a time, pushes are refused. Raise it to 65536.`;
}
