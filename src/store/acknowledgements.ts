/** What somebody said of a thing that cannot be mended: from then on it counts nowhere as waiting. */
export interface Acknowledgement {
  readonly reason: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly at: number;
}

/** `other-state`: there is nothing to acknowledge, or nothing any more. */
export type AcknowledgeAnswer = 'acknowledged' | 'unknown' | 'other-state';

export interface Acknowledgements {
  /** Of a lost recording, until its download is tried again. Atomic; the latest stands. */
  acknowledgeRecording(id: string, acknowledgement: Acknowledgement): Promise<AcknowledgeAnswer>;
  /** Of a dead delivery that nobody replayed, with the dead parts of a halved one. Atomic; the latest stands. */
  acknowledgeDelivery(id: string, acknowledgement: Acknowledgement): Promise<AcknowledgeAnswer>;
  /** Those that stand, of at most 500 lost recordings, in no order. */
  ofRecordings(ids: readonly string[]): Promise<(Acknowledgement & { readonly id: string })[]>;
  /** The same of deliveries. */
  ofDeliveries(ids: readonly string[]): Promise<(Acknowledgement & { readonly id: string })[]>;
  /** Lost recordings whose loss somebody has acknowledged. */
  countRecordings(): Promise<number>;
}
