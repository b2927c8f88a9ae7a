/**
 * The three message types of the push family and how they are told apart.
 * Nothing in a push names its type (specification page, section 1): the fields do, or the push path.
 */
export const messageTypes = [
  'AlicomAgentCallRecord',
  'AlicomAgentCallReport',
  'AlicomAgentCallNote',
] as const;

export type MessageType = (typeof messageTypes)[number];

export function isMessageType(name: string): name is MessageType {
  return (messageTypes as readonly string[]).includes(name);
}

/** The type that the fields of a message tell, or undefined where none does. */
export function tellMessageType(fields: Readonly<Record<string, unknown>>): MessageType | undefined {
  if ('recordFile' in fields) return 'AlicomAgentCallRecord';
  if ('majorIntent' in fields || 'outputTags' in fields) return 'AlicomAgentCallNote';
  if ('hangupDirection' in fields || 'callee' in fields || 'statusCode' in fields) {
    return 'AlicomAgentCallReport';
  }
  return ofRecords.some((name) => name in fields) ? 'AlicomAgentCallRecord' : undefined;
}

/** With nothing of a sibling beside them they are of a record that came without its link. */
const ofRecords = ['duration', 'startTime', 'endTime', 'taskId', 'detailId', 'batchId', 'outId'];
