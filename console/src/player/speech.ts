/** A stretch of a recording, in seconds from its start. */
export type Stretch = readonly [from: number, to: number];

/** Shorter pauses belong to the conversation: jumping over them would make it breathless. */
const shortestSilenceSeconds = 1.2;
/** Kept of a silence before and after, so that the first and last sounds of words are heard. */
const paddingSeconds = 0.25;

/**
 * Where nobody on any channel speaks for so long that it can be jumped over. `to` of the last one is the end of
 * the recording.
 */
export function silencesOf(channels: readonly (readonly Stretch[])[], seconds: number): Stretch[] {
  const spoken = channels.flat().sort(([one], [other]) => one - other);
  const silences: Stretch[] = [];
  let heardTo = 0;
  for (const [from, to] of [...spoken, [seconds, seconds] as const]) {
    const start = heardTo === 0 ? 0 : heardTo + paddingSeconds;
    const end = from >= seconds ? seconds : from - paddingSeconds;
    if (end - start >= shortestSilenceSeconds) silences.push([start, end]);
    heardTo = Math.max(heardTo, to);
  }
  return silences;
}

/** The silence that lies at `second`, unless it is as good as over there. */
export function silenceAt(silences: readonly Stretch[], second: number): Stretch | undefined {
  return silences.find(([from, to]) => second >= from && second < to - 0.05);
}

/** Seconds of all of them together. */
export function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, [from, to]) => sum + to - from, 0);
}
