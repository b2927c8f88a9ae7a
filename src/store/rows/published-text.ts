import { memberText, replaceMember } from '../../protocol/json-text.js';
import { recordFilePlaceholder } from '../publishing.js';

/** The text of a published message, its placeholder replaced. It is looked for where a `recordFile` is: anywhere else it is somebody's text. */
export function withReference(text: string, reference: string): string {
  if (memberText(text, 'recordFile') !== JSON.stringify(recordFilePlaceholder)) {
    throw new Error('the text of a published recording has no placeholder for its recordFile');
  }
  return replaceMember(text, 'recordFile', JSON.stringify(reference));
}
