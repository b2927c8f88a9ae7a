/**
 * What is asked of a receiver. `must`: the protocol demands it, so pushes are lost where it does not hold. `should`:
 * good to have; the protocol leaves it open, or it matters on some days only.
 */
export interface Rule {
  /** Stable; what a program tells it by. */
  readonly id: string;
  readonly title: string;
  readonly demand: 'must' | 'should';
  /** What the specification says of it, or what is known of its sender. */
  readonly says: string;
  /** What to do where it does not hold. */
  readonly remedy: string;
}

/** What was seen: of a `must` that does not hold a `fail`, of a `should` a `note`. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly demand: 'must' | 'should';
  readonly verdict: 'pass' | 'fail' | 'note' | 'skipped';
  readonly sent: string;
  readonly came: string;
  readonly says: string;
  /** Absent where there is nothing to do. */
  readonly remedy?: string;
}

export interface Observation {
  readonly holds: boolean;
  readonly sent: string;
  readonly came: string;
  /** More to the point than the rule's own. */
  readonly remedy?: string | undefined;
}

export function judge(rule: Rule, { holds, sent, came, remedy }: Observation): Finding {
  const { id, title, demand, says } = rule;
  const about = { id, title, demand, sent, came, says };
  if (holds) return { ...about, verdict: 'pass' };
  return { ...about, verdict: demand === 'must' ? 'fail' : 'note', remedy: remedy ?? rule.remedy };
}

/** Of what was not examined, and why. */
export function skip(rule: Rule, why: string): Finding {
  const { id, title, demand, says } = rule;
  return { id, title, demand, verdict: 'skipped', sent: 'nothing', came: why, says };
}
