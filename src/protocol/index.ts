/** The public entry `earshot/protocol`: the vendor's wire format, for receivers and senders of their own. */
export {
  isAcknowledged,
  received,
  senderRetrySchedule,
  senderTimeoutMs,
  type Acknowledgement,
} from './acknowledgement.js';
export { readCallMessage, type CallMessage } from './call-message.js';
export { isMessageType, messageTypes, tellMessageType, type MessageType } from './message.js';
export { readElement, splitPush, type ReadElement, type UnreadableReason } from './push-body.js';
export { deadlineOf, readRecordingLink, type RecordingLink } from './recording-link.js';
export { createVendorTime, type VendorTime } from './vendor-time.js';
