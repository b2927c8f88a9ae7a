/**
 * `earshot:r12`, in the journal, stands where a published message has its `recordFile`: Earshot keeps the
 * audio itself, and every reader is shown a link that is minted for it. Never shown outside.
 */
const scheme = 'earshot:';

export function toRecordingReference(recordingId: string): string {
  return scheme + recordingId;
}

/**
 * The recording that the `recordFile` of the message with this seq refers to. A recording has the number of
 * its own message, so a sender that writes such a reference into a push of its own gains nobody's audio by it.
 */
export function readRecordingReference(recordFile: unknown, seq: number): string | undefined {
  const recordingId = `r${seq}`;
  return recordFile === toRecordingReference(recordingId) ? recordingId : undefined;
}

/** Whether this link is such a reference: nothing that could be downloaded. */
export function isRecordingReference(link: string): boolean {
  return link.startsWith(scheme);
}
