import type { JsonObject } from './push-body.js';

/**
 * The fields of the three messages, as the specification and its siblings document them. They are written by the
 * sender and checked by nobody: a field may be absent, new ones arrive without notice, and numbers beyond 2^53 have
 * lost digits here (the message's `text` has them all). `readCallMessage` reads the common ones defensively.
 */
interface SharedFields extends JsonObject {
  /** Opaque; holds `^`. */
  readonly callId: string;
  readonly taskId?: string;
  readonly detailId?: string;
  readonly batchId?: string;
  /** What the caller's own request gave as `outId`. */
  readonly outId?: string;
}

/** "AlicomAgentCallRecord": after a call, where its recording is (specification, "Field descriptions"). */
export interface AlicomAgentCallRecord extends SharedFields {
  /** Seconds. Not always the difference of the two times; siblings send it as a string. */
  readonly duration?: number | string;
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly startTime?: string | null;
  readonly endTime?: string | null;
  /** The URL of the recording, valid seven days. To be used as it came: a changed URL has a wrong signature. */
  readonly recordFile: string;
}

/** "AlicomAgentCallReport": how a call went. */
export interface AlicomAgentCallReport extends SharedFields {
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time; null or "" of a call that was not answered. */
  readonly startTime?: string | null;
  readonly endTime?: string | null;
  /** Seconds; 0 of a call that was not connected. */
  readonly duration?: number | string;
  readonly statusCode?: string;
  /** ANSWERED, USER_BUSY, NO_ANSWER, POWERED_OFF, … */
  readonly smartStatusCode?: string;
  readonly statusMsg?: string;
  readonly caller?: string;
  readonly realCaller?: string;
  readonly callee?: string;
  /** Opaque: the sender writes it in several languages. */
  readonly hangupDirection?: string;
  readonly originateTime?: string | null;
  readonly ringTime?: string | null;
}

/** "AlicomAgentCallNote": what a call was about. */
export interface AlicomAgentCallNote extends SharedFields {
  readonly majorIntent?: string;
  /** Free keys; values are strings or lists of strings. */
  readonly outputTags?: Readonly<Record<string, unknown>>;
  /** A JSON array inside a string; may be "". */
  readonly conversationRecord?: string;
  readonly call_times?: number;
  readonly realCaller?: string;
}

/** The fields of each message type. */
export interface MessageFields {
  readonly AlicomAgentCallRecord: AlicomAgentCallRecord;
  readonly AlicomAgentCallReport: AlicomAgentCallReport;
  readonly AlicomAgentCallNote: AlicomAgentCallNote;
}
