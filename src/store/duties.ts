/** Work that one process does for all of them: each follows one cursor. */
export const dutyNames = ['sort', 'project', 'clean', 'analyse'] as const;
export type DutyName = (typeof dutyNames)[number];

export interface Duty {
  readonly name: DutyName;
  /** Instance of the process that has it. */
  readonly holder: string;
  readonly until: number;
}

/** Leases on duties. Of a process that dies they run out, and another takes them. */
export interface Duties {
  /** Atomic. True: it is `holder`'s until `until`; it was free, had run out at `now`, or was `holder`'s already. */
  hold(name: DutyName, holder: string, now: number, until: number): Promise<boolean>;
  /** Of these, whatever `holder` has is free at once. */
  release(holder: string, names: readonly DutyName[]): Promise<void>;
  /** Those that somebody has or had last. */
  list(): Promise<Duty[]>;
}
