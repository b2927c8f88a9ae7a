/** A value of JSON text. `from` and `to` (exclusive) say where it stands in the text, so that every digit can be shown. */
export type JsonNode =
  | {
      readonly kind: 'object';
      readonly from: number;
      readonly to: number;
      readonly members: readonly Member[];
    }
  | {
      readonly kind: 'array';
      readonly from: number;
      readonly to: number;
      readonly items: readonly JsonNode[];
    }
  | { readonly kind: 'string'; readonly from: number; readonly to: number; readonly value: string }
  | { readonly kind: 'number' | 'literal'; readonly from: number; readonly to: number };

export interface Member {
  readonly name: string;
  readonly value: JsonNode;
}

interface Open {
  readonly kind: 'object' | 'array';
  readonly from: number;
  readonly members: Member[];
  readonly items: JsonNode[];
  name?: string;
}

const token = /[ \t\n\r]*(?:(")|([-\d][-+.\deE]*)|(true|false|null)|([[\]{}:,]))/y;

/**
 * Reads JSON without reading its numbers: 20-digit ids, `1.10` and `-0` stay text, and members of the same name
 * are all kept. For text that a server has checked already: undefined where it is not JSON, but what is not quite
 * JSON may pass. Keeps its own stack, because messages may be nested deeper than calls can be.
 */
export function parseJson(text: string): JsonNode | undefined {
  const reader = new RegExp(token);
  const open: Open[] = [];
  let root: JsonNode | undefined;
  const put = (node: JsonNode): void => {
    const around = open.at(-1);
    if (!around) root = node;
    else if (around.kind === 'array') around.items.push(node);
    else around.members.push({ name: takeName(around), value: node });
  };
  for (;;) {
    const from = reader.lastIndex;
    const found = reader.exec(text);
    if (!found) return text.slice(from).trim() === '' && open.length === 0 ? root : undefined;
    const [, quote, number, literal, sign] = found;
    const to = reader.lastIndex;
    if (quote !== undefined) {
      const end = endOfString(text, to);
      const value = readString(text.slice(to - 1, end));
      if (value === undefined) return undefined;
      reader.lastIndex = end;
      const around = open.at(-1);
      if (around?.kind === 'object' && around.name === undefined) around.name = value;
      else put({ kind: 'string', from: to - 1, to: end, value });
    } else if (number !== undefined) put({ kind: 'number', from: to - number.length, to });
    else if (literal !== undefined) put({ kind: 'literal', from: to - literal.length, to });
    else if (sign === '{' || sign === '[') {
      open.push({ kind: sign === '{' ? 'object' : 'array', from: to - 1, members: [], items: [] });
    } else if (sign === '}' || sign === ']') {
      const closed = open.pop();
      if (!closed) return undefined;
      put(close(closed, to));
    }
  }
}

/** Behind the quote that ends the string in which `from` lies. By hand: long ones are too much for a regular expression. */
function endOfString(text: string, from: number): number {
  for (let at = from; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** Undefined for what JSON does not allow between quotes: a line break as it is. */
function readString(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

function takeName(object: Open): string {
  const name = object.name ?? '';
  delete object.name;
  return name;
}

function close({ kind, from, members, items }: Open, to: number): JsonNode {
  return kind === 'object' ? { kind, from, to, members } : { kind, from, to, items };
}

/** The value of the member of that name; of several the last, as JSON.parse has it. */
export function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  if (node?.kind !== 'object') return undefined;
  return node.members.findLast((member) => member.name === name)?.value;
}
