/*
 * Text that others have chosen: ids, names, what a receiver answered. It may hold characters that cannot be seen and
 * turn round what stands beside them.
 */

const controls = String.raw`(?![\t\n\r])\p{Cc}`;
/** All of Unicode's format characters but those that are seen (Arabic signs) and those that emoji and scripts are joined by. */
const formats = String.raw`(?!\u200c|\u200d|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{e0020}-\u{e007f}])\p{Cf}`;
/** Text that is closed in already, as `isolate` does it: it turns nothing round that stands outside. */
const closedIn = String.raw`\u2068([^\u2066-\u2069]*)\u2069`;
const hidden = new RegExp(String.raw`${closedIn}|${controls}|${formats}|[\p{Zl}\p{Zp}\p{Cs}]`, 'gu');
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** With the number of each character that cannot be seen in its place: `[U+202E]`. */
export function showHidden(text: string): string {
  return text.replace(hidden, (found: string, inside: string | undefined) =>
    inside === undefined ? mark(found) : `\u2068${showHidden(inside)}\u2069`,
  );
}

function mark(character: string): string {
  return `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** The same for where there is no element around it: in a sentence, a title, a label. */
export function isolate(text: string): string {
  const shown = showHidden(text);
  return rightToLeft.test(shown) && !/^\u2068[^\u2066-\u2069]*\u2069$/.test(shown)
    ? `\u2068${shown}\u2069`
    : shown;
}
