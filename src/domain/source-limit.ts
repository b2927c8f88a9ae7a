/** What a source may do. What is absent has no bound of its own. */
export interface SourceLimit {
  /** Bytes of bodies, as they came, that are acknowledged in one day. */
  readonly pushBytesPerDay?: number;
  /** Hosts that its links may lead to, as patterns; of those that all sources may. */
  readonly recordingHosts?: readonly string[];
}
