import { maxDepth } from './element-bounds.js';
import { endOfString, isSpace, skipSpace, trimSpace } from './json-text.js';

/**
 * One text for all ways to write the same content: no white space, object keys sorted (of equal keys the
 * last), strings in one escaping, numbers as written. `json` must be valid. What is nested deeper than anybody's
 * message is its own canonical form.
 */
export function canonicalJson(json: string, value: unknown): string {
  try {
    if (!mayHoldSpecialNumber.test(json)) return canonicalValue(value, 0);
    return new CanonicalReader(trimSpace(json)).read(0);
  } catch (error) {
    if (error instanceof RangeError) return json;
    throw error;
  }
}

/**
 * A number that parsing would change: a fraction, an exponent, minus zero, 16 digits or more. May err
 * towards yes. No two parts of it match the same digits: a string of 10^6 zeros must not cost 10^12 steps.
 */
const mayHoldSpecialNumber = /(?:^|[:,[])\s*-?(?:\d{1,15}[.eE]|\d{16}|(?<=-)0)/;

// Texts are added to and never joined from lists: joining copies what is innermost once for each level.

function canonicalValue(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth > maxDepth) throw new RangeError('too deep');
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += (text === '' ? '' : ',') + canonicalValue(item, depth + 1);
    return `[${text}]`;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalValue(object[key], depth + 1)}`;
  }
  return `{${text}}`;
}

/** Goes through valid JSON once, whatever the depth. */
class CanonicalReader {
  #at = 0;

  constructor(private readonly json: string) {}

  read(depth: number): string {
    if (depth > maxDepth) throw new RangeError('too deep');
    this.#skipSpace();
    switch (this.json[this.#at]) {
      case '[':
        return this.#readArray(depth);
      case '{':
        return this.#readObject(depth);
      case '"':
        return JSON.stringify(this.#readString());
      default:
        return this.#readWord();
    }
  }

  #readArray(depth: number): string {
    let text = '';
    while (this.#next(']')) text += (text === '' ? '' : ',') + this.read(depth + 1);
    return `[${text}]`;
  }

  #readObject(depth: number): string {
    const byKey = new Map<string, string>();
    while (this.#next('}')) {
      const key = this.#readString();
      this.#at = this.json.indexOf(':', this.#at) + 1;
      byKey.set(key, this.read(depth + 1));
    }
    let text = '';
    for (const key of [...byKey.keys()].sort()) {
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${byKey.get(key) ?? ''}`;
    }
    return `{${text}}`;
  }

  /** Passes over what begins or parts members; false at the closing bracket, which is passed over, too. */
  #next(close: string): boolean {
    this.#skipSpace();
    if (this.json[this.#at] !== close) this.#at++;
    this.#skipSpace();
    if (this.json[this.#at] !== close) return true;
    this.#at++;
    return false;
  }

  #readString(): string {
    const open = this.#at;
    this.#at = endOfString(this.json, open) + 1;
    return JSON.parse(this.json.slice(open, this.#at)) as string;
  }

  /** A number, true, false or null. */
  #readWord(): string {
    const start = this.#at;
    while (this.#at < this.json.length && !endsWord(this.json.charCodeAt(this.#at))) this.#at++;
    return this.json.slice(start, this.#at);
  }

  #skipSpace(): void {
    this.#at = skipSpace(this.json, this.#at);
  }
}

function endsWord(code: number): boolean {
  return code === 0x2c || code === 0x5d || code === 0x7d || isSpace(code);
}
