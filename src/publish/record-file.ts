import { memberText, replaceMember } from '../protocol/json-text.js';
import { recordFilePlaceholder } from '../store/publishing.js';
import type { ReadMessage } from './read-message.js';

/** The record as journaled: the place of the link is kept for what refers to the recording. */
export function toPublishable(message: ReadMessage): ReadMessage {
  return withRecordFile(message, recordFilePlaceholder);
}

/** The record by whose content it is identified: its audio belongs to that, a link that its sender wrote does not. */
export function toIdentified(message: ReadMessage, sha256: string): ReadMessage {
  return withRecordFile(message, `sha256:${sha256}`);
}

/** With another `recordFile`, or one more; everything else byte for byte as it was. */
function withRecordFile(message: ReadMessage, recordFile: string): ReadMessage {
  const value = JSON.stringify(recordFile);
  const text =
    memberText(message.text, 'recordFile') === undefined
      ? addMember(message.text, `"recordFile":${value}`)
      : replaceMember(message.text, 'recordFile', value);
  return { ...message, text, value: { ...message.value, recordFile } };
}

/** Behind the last of at least one member: a message has a `callId`. */
function addMember(text: string, member: string): string {
  return `${text.slice(0, text.lastIndexOf('}')).trimEnd()},${member}}`;
}
