import { createRequire } from 'node:module';

interface Yaml {
  parse(text: string, options: { merge: boolean }): unknown;
  parseAllDocuments(text: string): { toJS(): unknown; readonly errors: readonly Error[] }[];
}

/** The YAML reader that our OpenAPI plugin brings: asked for through it, since it is no dependency of our own. */
const yaml = createRequire(createRequire(import.meta.url).resolve('@fastify/swagger'))('yaml') as Yaml;

/** One document, with `<<` as Compose reads it. */
export function readYaml(text: string): unknown {
  return yaml.parse(text, { merge: true });
}

/** Documents separated by `---`; throws where one of them cannot be read. */
export function readYamlDocuments(text: string): unknown[] {
  return yaml.parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS();
  });
}
