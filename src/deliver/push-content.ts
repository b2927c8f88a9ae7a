import type { EndpointSettings } from '../domain/endpoint.js';
import { showMessageText } from '../domain/published-recording.js';
import { replaceMember } from '../protocol/json-text.js';
import type { Entry } from '../store/journal.js';
import { isArchived, storyOfRecord } from './recording-story.js';
import type { ReadHistory } from './select-messages.js';

/** A link to a recording for whoever is sent it now. A bearer secret. */
export type MintLink = (recordingId: string) => string;

export interface ContentParts {
  readonly readHistory: ReadHistory;
  /** Asked for each push that shows a link: links are valid from their own push on. */
  readonly minter: () => Promise<MintLink>;
}

/**
 * The body of a push: a JSON array of the messages as received, byte for byte, in this order (specification, "Request
 * description"). Only the value of `recordFile` is another where the endpoint wants Earshot's links, or where the
 * recording was published here and has none of its own.
 */
export async function toPushBody(
  entries: readonly Entry[],
  settings: Pick<EndpointSettings, 'recordFile' | 'when'>,
  parts: ContentParts,
): Promise<string> {
  const wantsLinks = settings.recordFile === 'archived';
  if (!wantsLinks) {
    const body = `[${entries.map(({ text }) => text).join(',')}]`;
    if (!body.includes('"earshot:r')) return body;
  }
  const mint = await parts.minter();
  const texts: string[] = [];
  for (const entry of entries) {
    const shown = showMessageText(entry.seq, entry.text, mint);
    texts.push(
      wantsLinks && shown === entry.text ? await withOwnLink(entry, settings.when, mint, parts) : shown,
    );
  }
  return `[${texts.join(',')}]`;
}

/** With `when: archived`, a recording that was lost keeps the link that came with it: there is nothing behind ours. */
async function withOwnLink(
  { seq, type, callId, text }: Entry,
  when: EndpointSettings['when'],
  mint: MintLink,
  { readHistory }: ContentParts,
): Promise<string> {
  if (type !== 'AlicomAgentCallRecord') return text;
  const story = storyOfRecord((await readHistory(callId)).stories, seq);
  if (!story || (when === 'archived' && !isArchived(story))) return text;
  return replaceMember(text, 'recordFile', JSON.stringify(mint(story.id)));
}
