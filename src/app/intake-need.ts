import type { Clock } from '../domain/clock.js';
import type { Hours } from '../store/hours.js';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
/** A week has its busiest day. */
const lookedBackMs = 7 * dayMs;
const keepMs = 10 * 60 * 1000;
/** A push takes its bytes in the inbox, again in the journal, and about as much in calls, indexes and logs. */
const copies = 4;

/** What a day of pushes takes of the disk, by the busiest day of the last week; as it was told last while the store is away. */
export function createIntakeNeed(hours: Pick<Hours, 'since'>, clock: Clock): () => Promise<number> {
  let known = 0;
  let askedAt = -Infinity;
  const ask = async (now: number): Promise<void> => {
    const days = new Map<number, number>();
    for (const { hour, name, value } of await hours.since(now - lookedBackMs)) {
      if (name !== 'pushedBytes') continue;
      const day = Math.floor((now - hour) / dayMs);
      days.set(day, (days.get(day) ?? 0) + value);
    }
    known = copies * Math.max(0, ...days.values());
  };
  return () => {
    const now = clock();
    if (Math.abs(now - askedAt) >= keepMs) {
      askedAt = now;
      // The answer is for the next question: no caller waits for a store that is away.
      ask(now).catch(() => undefined);
    }
    return Promise.resolve(known);
  };
}
