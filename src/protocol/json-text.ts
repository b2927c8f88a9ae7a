/**
 * JSON as text. What a sender wrote must survive digit for digit (`1.10`, `1E400`, 20-digit numbers, lone
 * surrogate escapes), so elements are cut out of the text they came in, never parsed and written again.
 */

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;

/**
 * The texts of a JSON array's elements, in order. Only strings and brackets are looked at: whether each
 * element is JSON is for whoever parses it, and the array is JSON exactly if all of them are.
 * @param most of more elements, one more than these is returned: whoever asks does not want them.
 * @returns undefined where the brackets do not make one array and nothing else.
 */
export function splitArray(json: string, most = Infinity): string[] | undefined {
  const open = skipSpace(json, 0);
  if (json[open] !== '[') return undefined;
  const elements: string[] = [];
  let start = open + 1;
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if (code === 0x5b || code === 0x7b) depth++;
    else if (code === comma && depth === 0) {
      elements.push(trimSpace(json.slice(start, at)));
      if (elements.length > most) return elements;
      start = at + 1;
    } else if ((code === 0x5d || code === 0x7d) && --depth < 0) {
      if (code !== 0x5d || skipSpace(json, at + 1) !== json.length) return undefined;
      const last = trimSpace(json.slice(start, at));
      if (last !== '' || elements.length > 0) elements.push(last);
      return elements;
    }
  }
  return undefined;
}

/** The text of the member `name` of a JSON object (the last of that name, as parsers take it). `json` must be valid. */
export function memberText(json: string, name: string): string | undefined {
  let found: string | undefined;
  for (const { key, start, end } of members(json)) if (key === name) found = json.slice(start, end);
  return found;
}

/**
 * The same object with `valueText` in the place of the value of each top-level member `name` (of equal keys a
 * reader may take any); everything else byte for byte as it was. `json` must be valid.
 */
export function replaceMember(json: string, name: string, valueText: string): string {
  let text = '';
  let copiedTo = 0;
  for (const { key, start, end } of members(json)) {
    if (key !== name) continue;
    text += json.slice(copiedTo, start) + valueText;
    copiedTo = end;
  }
  return text + json.slice(copiedTo);
}

/** Key of each member of a valid JSON object, in the order written, and where its value begins and ends. */
function* members(json: string): Generator<{ key: string; start: number; end: number }> {
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (json.charCodeAt(at) === quote) {
    const endOfKey = endOfString(json, at);
    const key = JSON.parse(json.slice(at, endOfKey + 1)) as string;
    const start = skipSpace(json, json.indexOf(':', endOfKey) + 1);
    const end = endOfValue(json, start);
    let endOfText = end;
    while (isSpace(json.charCodeAt(endOfText - 1))) endOfText--;
    yield { key, start, end: endOfText };
    at = skipSpace(json, end + 1);
  }
}

/** Index of the comma or bracket behind the value that starts at `start`. */
export function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if (code === 0x5b || code === 0x7b) depth++;
    else if (code === comma && depth === 0) return at;
    else if ((code === 0x5d || code === 0x7d) && --depth < 0) return at;
  }
  return json.length;
}

/** Index of the quote that closes the string opened at `open`; the text's length where none does. */
export function endOfString(json: string, open: number): number {
  for (let close = json.indexOf('"', open + 1); close !== -1; close = json.indexOf('"', close + 1)) {
    let slashes = 0;
    while (json.charCodeAt(close - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return close;
  }
  return json.length;
}

/** Without the white space around it: JSON's four characters, not the many more that `trim` takes for space. */
export function trimSpace(json: string): string {
  const start = skipSpace(json, 0);
  let end = json.length;
  while (end > start && isSpace(json.charCodeAt(end - 1))) end--;
  return json.slice(start, end);
}

export function skipSpace(json: string, from: number): number {
  let at = from;
  while (isSpace(json.charCodeAt(at))) at++;
  return at;
}

export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
