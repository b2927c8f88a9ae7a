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

const token = /[ \t\n\r]*(?:("(?:[^"\\]|\\.)*")|([-\d][-+.\deE]*)|(true|false|null)|([[\]{}:,]))/y;

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
    const [, string, number, literal, sign] = found;
    const to = reader.lastIndex;
    if (string !== undefined) {
      const around = open.at(-1);
      const start = to - string.length;
      const value = JSON.parse(string) as string;
      if (around?.kind === 'object' && around.name === undefined) around.name = value;
      else put({ kind: 'string', from: start, to, value });
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
