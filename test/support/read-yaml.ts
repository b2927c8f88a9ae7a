import { parse, parseAllDocuments } from 'yaml';

/** One document, with `<<` as Compose reads it. */
export function readYaml(text: string): unknown {
  return parse(text, { merge: true });
}

/** Documents separated by `---`; throws where one of them cannot be read. */
export function readYamlDocuments(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS() as unknown;
  });
}
