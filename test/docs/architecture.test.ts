import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = new URL('../../ARCHITECTURE.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const linksIn = (part: string) => [...part.matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link);

it('every page links to files that exist', () => {
  const root = new URL('../../', import.meta.url);
  const pages = ['', 'docs/', 'docs/adr/'].flatMap((folder) =>
    readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith('.md'))
      .map((name) => new URL(folder + name, root)),
  );
  const missing = pages.flatMap((from) =>
    linksIn(readFileSync(from, 'utf8'))
      .filter((link) => !/^https?:/.test(link) && !existsSync(new URL(link, from)))
      .map((link) => `${from.pathname}: ${link}`),
  );
  expect(pages.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});

it.each([
  ['Follow one push', 10],
  ['Follow one download', 15],
  ['Follow one delivery', 15],
])('%s is a walk through at most %d files', (title, most) => {
  const [, part = ''] = text.split(`## ${title}\n`);
  const [list = ''] = part.split('\n## ');
  const files = linksIn(list);
  expect(files.length).toBeGreaterThan(5);
  expect(files.length).toBeLessThanOrEqual(most);
  expect(files.every((file) => file.startsWith('src/'))).toBe(true);
});
