import { memberOf, parseJson, type JsonNode } from '../../../json/parse-json.ts';

/** The calls that the elements of a body belong to, each once; a number is the string of its digits. Empty for what is no JSON. */
export function findCallIds(text: string): string[] {
  const node = parse(text);
  const elements = node?.kind === 'array' ? node.items : node ? [node] : [];
  const ids = elements.flatMap((element) => {
    const id = memberOf(element, 'callId');
    if (id?.kind === 'string') return [id.value];
    return id?.kind === 'number' ? [text.slice(id.from, id.to)] : [];
  });
  return [...new Set(ids)].filter((id) => id !== '');
}

function parse(text: string): JsonNode | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
