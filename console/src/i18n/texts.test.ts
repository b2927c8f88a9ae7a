import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const sourceDir = join(import.meta.dirname, '..');

/** `a.b` to its text, of one file. */
type Texts = ReadonlyMap<string, string>;

function readTexts(language: string): Map<string, Texts> {
  const folder = join(import.meta.dirname, language);
  return new Map(
    readdirSync(folder).map((name) => {
      const content: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return [name.replace(/\.json$/, ''), new Map(flatten(content, ''))];
    }),
  );
}

function flatten(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is no text`);
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, path === '' ? key : `${path}.${key}`),
  );
}

/** Languages count differently: English has one and other, Chinese has other alone. */
function withoutPlural(key: string): string {
  return key.replace(/_(zero|one|two|few|many|other)$/, '');
}

function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name ?? ''))].sort();
}

const english = readTexts('en');
const chinese = readTexts('zh-CN');

describe('the texts of the console', () => {
  it('are there in both languages, key by key', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [namespace, texts] of english) {
      const keys = [...texts.keys()].map(withoutPlural);
      const others = [...(chinese.get(namespace)?.keys() ?? [])].map(withoutPlural);
      expect([namespace, [...new Set(others)].sort()]).toEqual([namespace, [...new Set(keys)].sort()]);
    }
  });

  it('take the same values in both languages', () => {
    for (const [namespace, texts] of english) {
      const other = chinese.get(namespace);
      for (const [key, text] of texts) {
        // "one call" may do without the number.
        if (key.endsWith('_one')) continue;
        expect([namespace, key, placeholdersOf(other?.get(key) ?? '')]).toEqual([
          namespace,
          key,
          placeholdersOf(text),
        ]);
      }
    }
  });

  it('have all the forms that each language counts by', () => {
    for (const [language, namespaces] of [
      ['en', english],
      ['zh-CN', chinese],
    ] as const) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const [namespace, texts] of namespaces) {
        const counted = [...texts.keys()].filter((key) => withoutPlural(key) !== key).map(withoutPlural);
        for (const key of new Set(counted)) {
          const missing = forms.filter((form) => !texts.has(`${key}_${form}`));
          expect([language, namespace, key, missing]).toEqual([language, namespace, key, []]);
        }
      }
    }
  });

  it('are not empty, and Chinese is not English left as it was', () => {
    const sameInBoth = /^[\d\s\p{P}\p{S}]*$|\{\{|^[A-Z0-9 ,.-]+$|Earshot|^[a-z]+(Id)?$/u;
    for (const [namespace, texts] of english) {
      for (const [key, text] of texts) {
        const other = chinese.get(namespace)?.get(key) ?? 'counted otherwise';
        expect([namespace, key, text.trim() !== '', other.trim() !== '']).toEqual([
          namespace,
          key,
          true,
          true,
        ]);
        if (other === text)
          expect([namespace, key, text]).toEqual([namespace, key, expect.stringMatching(sameInBoth)]);
      }
    }
  });

  it('are all used', () => {
    const { literals, patterns } = readKeysInSources();
    const unused = [...english].flatMap(([namespace, texts]) =>
      [...new Set([...texts.keys()].map(withoutPlural))]
        .filter((key) => {
          const names = [key, `${namespace}:${key}`];
          return !names.some((name) => literals.has(name) || patterns.some((pattern) => pattern.test(name)));
        })
        .map((key) => `${namespace}: ${key}`),
    );
    expect(unused).toEqual([]);
  });
});

/** Every string of the console's sources, and every template with values in it as a pattern. */
function readKeysInSources(): { literals: Set<string>; patterns: RegExp[] } {
  const literals = new Set<string>();
  const patterns: RegExp[] = [];
  const files = readdirSync(sourceDir, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))) {
    const source = readFileSync(join(sourceDir, file), 'utf8');
    for (const [, text = ''] of source.matchAll(/'([^'\n]*)'/g)) literals.add(text);
    for (const [, text = ''] of source.matchAll(/"([^"\n]*)"/g)) literals.add(text);
    for (const [, text = ''] of source.matchAll(/`([^`\n]*)`/g)) {
      const parts = text.split(/\$\{[^}]*\}/);
      // One that is nearly all value would be a use of everything.
      if (parts.join('').length < 4) continue;
      patterns.push(
        new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^:]+')}$`),
      );
    }
  }
  return { literals, patterns };
}
