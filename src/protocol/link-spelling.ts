/*
 * Links go through templates, editors and chats before they come here, and these leave traces: characters that nobody
 * sees, `&amp;` for `&`, quotation marks, a line that was broken. A link that was signed is good as it was signed and in
 * no other form, so what is repaired here is only what no storage would have written.
 */

/** What has no width: controls, joiners, marks of direction and of byte order, soft hyphens. */
const invisible = String.raw`\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufffd`;
const unseen = new RegExp(`[${invisible}\\p{White_Space}\u2800]`, 'u');
const unseenRun = new RegExp(`[${invisible} ]+`, 'gu');

// Repetitions at an end are bounded: a search for one that is not takes time by the square of the text.

/** Nothing in it that `repair` would look at: nearly every link. */
const plain = /^https?:\/\/[^\s\\"'<>`()[\]{}\u007f-\uffff]+$/i;
const encodedTrace =
  /&[a-z]{1,8};|&#|%26(?:amp|#|%23)|%0[ad]|%e2%80%8|%ef%bb%bf|%c2%a0|%c2%ad|%e2%81%a0|u0026/i;
/** ASCII that ends a sentence, or closes what stands around a link: legal in a link, and seldom meant as its end. */
const sentenceEnd = /[.,;:!?)\]}']{1,16}$/;

/** Without blanks, and what nobody sees, at both ends. */
export function cutEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && unseen.test(text.charAt(start))) start++;
  while (end > start && unseen.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * The ways to ask for a link, the likeliest first: as it was meant, if that is another than it came, then as it came.
 * The archiver tries them in turn, so that no guess of ours gives a recording up.
 */
export function spellingsOf(received: string): readonly [string, ...string[]] {
  const link = cutEnds(received);
  const isPlain = plain.test(link) && !encodedTrace.test(link);
  const repaired = isPlain ? link : repair(link);
  const ways = [repaired];
  if (sentenceEnd.test(repaired)) ways.push(repaired.replace(sentenceEnd, ''));
  if (link !== repaired && plainStart.test(link)) ways.push(link);
  return ways as [string, ...string[]];
}

const plainStart = /^https?:\/\//i;
const scheme = String.raw`https?(?::|%(?:25)*3a)(?:\\*\/|%(?:25)*2f|\\u002f){2}`;
const schemeStart = new RegExp(`^${scheme}`, 'i');
const wordsAndLink = new RegExp(`^([^]{0,200}?)(${scheme}[^]*)$`, 'i');
const bracketPairs: Readonly<Record<string, string>> = {
  ...{ '(': ')', '[': ']', '{': '}', '<': '>', "'": "'", '"': '"', '`': '`' },
  ...{ '“': '”', '‘': '’', '「': '」', '『': '』', '《': '》', '〈': '〉', '【': '】', '（': '）' },
};

const encodedEnd = /(?:%0[ad]|%e2%80%8[b-f]|%ef%bb%bf|%c2%a0|%c2%ad|%e2%81%a0){1,16}$/i;
const closingEnd = /(?:["<>`”’」』》〉】）。，、；！…]|&(?:quot|lt|gt|apos|nbsp|#39|#34);){1,16}$/u;

/** As it was meant. Each step undoes one kind of trace; what is left of none is as it came. */
function repair(link: string): string {
  let text = link.replace(unseenRun, (run) => (/^ +$/.test(run) ? run : ''));
  text = cutOut(text);
  if (/^https?%/i.test(text)) text = decodeWhole(text);
  return cutEnds(
    text
      .replace(/\\{1,7}u0026/gi, '&')
      .replace(/\\{1,7}u003d/gi, '=')
      .replace(/\\{1,7}u002f/gi, '/')
      .replace(/\\{1,7}([/"&=?])/g, '$1')
      .replace(/(?:&|%26)(?:(?:amp|(?:#|%23)(?:0{0,5}38|x0{0,5}26))(?:;|%3b))+/gi, '&')
      .replace(/&(?:equals|#0{0,5}61|#x0{0,5}3d);/gi, '=')
      .replace(encodedEnd, '')
      .replace(closingEnd, ''),
  );
}

/** The link out of the words, tags or brackets that stand around it. */
function cutOut(text: string): string {
  if (schemeStart.test(text)) return text;
  const found = wordsAndLink.exec(text);
  const [, before = '', link = ''] = found ?? [];
  // Words that hold another scheme are another link, in which ours is a parameter.
  if (!found || /:\/\//.test(before)) return text;
  const opener = before.replace(/\\{1,7}$/, '').at(-1) ?? '';
  const closer = bracketPairs[opener];
  const ends = [closer === undefined ? -1 : link.indexOf(closer), link.search(/[\s"<>]/)].filter(
    (at) => at > 0,
  );
  return ends.length === 0 ? link : link.slice(0, Math.min(...ends)).replace(/\\{1,7}$/, '');
}

/** A link that was encoded as a whole, once or twice. What cannot be decoded stays as it is. */
function decodeWhole(text: string): string {
  let decoded = text;
  for (let round = 0; round < 3 && !plainStart.test(decoded); round++) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      return text;
    }
  }
  return plainStart.test(decoded) ? decoded : text;
}
