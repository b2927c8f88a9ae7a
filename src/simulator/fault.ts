/** What the storage does wrong: by share of recordings. All but `expired` heal, so that patience is rewarded. */
export const storageFaults = [
  'late-object',
  'unavailable',
  'reset',
  'truncated',
  'wrong-bytes',
  'html-page',
  'slow-drip',
  'expired',
] as const;
export type StorageFault = (typeof storageFaults)[number];

/** What the sender does oddly: by share of batches. The protocol allows or has shown every one of these. */
export const pushFaults = [
  'duplicate-push',
  'split-batch',
  'merged-batch',
  'out-of-order',
  'odd-body',
] as const;
export type PushFault = (typeof pushFaults)[number];

export const faultNames = [...storageFaults, ...pushFaults] as const;
export type FaultName = StorageFault | PushFault;

/** 0 (never) to 1 (always); a name that is absent never happens. */
export type FaultShares = Readonly<Partial<Record<FaultName, number>>>;

/** How often each fault was really injected. */
export type FaultCounts = Partial<Record<FaultName, number>>;

export function isFaultName(name: string): name is FaultName {
  return (faultNames as readonly string[]).includes(name);
}

export function countFault(counts: FaultCounts, fault: FaultName): void {
  counts[fault] = (counts[fault] ?? 0) + 1;
}
