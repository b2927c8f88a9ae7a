/**
 * The public entry `earshot/protocol`: the vendor's wire format, for receivers and senders of their own. Pure:
 * it opens nothing, waits for nothing and depends on nothing but Node. docs/sending.md shows receivers made of it.
 */
export {
  acknowledge,
  isAcknowledged,
  received,
  senderRetrySchedule,
  senderTimeoutMs,
  type Acknowledgement,
} from './acknowledgement.js';
export { readCharset } from './charset.js';
export { readCallMessage, type CallMessage } from './call-message.js';
export type {
  AlicomAgentCallNote,
  AlicomAgentCallRecord,
  AlicomAgentCallReport,
  MessageFields,
} from './message-fields.js';
export { isMessageType, messageTypes, tellMessageType, type MessageType } from './message.js';
export { parsePush, type ParsedPush, type PushedMessage, type UnreadableElement } from './parse-push.js';
export {
  readElement,
  splitPush,
  unreadableReasons,
  type PushElement,
  type JsonObject,
  type ReadElement,
  type ToldOfBody,
  type UnreadableReason,
} from './push-body.js';
export { deadlineOf, readRecordingLink, type RecordingLink } from './recording-link.js';
export { createVendorTime, type VendorTime } from './vendor-time.js';
export {
  findSignatureFault,
  signPush,
  toWebhookSecret,
  verifySignature,
  type PushSignature,
  type PushToSign,
  type PushToVerify,
  type ReceivedHeaders,
  type SignatureFault,
} from './webhook-signature.js';
