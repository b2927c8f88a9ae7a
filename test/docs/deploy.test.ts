import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settings } from '../../src/app/settings.js';

const page = new URL('../../docs/deploy.md', import.meta.url);
const text = readFileSync(page, 'utf8');

it('docs/deploy.md names settings that exist', () => {
  const known = new Set<string>(Object.values(settings).map(({ name }) => name));
  const named = new Set(text.match(/\bEARSHOT_[A-Z0-9_]+/g));
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});

it('docs/deploy.md names metrics that exist', () => {
  // Some are made only where there is something to tell, so they are looked for where they are defined.
  const http = new URL('../../src/http/', import.meta.url);
  const sources = readdirSync(http).filter((file) => /metrics\.ts$/.test(file));
  const defined = sources.map((file) => readFileSync(new URL(file, http), 'utf8')).join();
  const named = new Set(
    [...text.matchAll(/\bearshot_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, '')),
  );
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((name) => !defined.includes(`'${name}'`))).toEqual([]);
});

it('docs/deploy.md links to files and headings that exist', () => {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  for (const link of links) {
    const [file = '', anchor] = link.split('#');
    const target = new URL(file === '' ? page.href : file, page);
    expect(existsSync(target), link).toBe(true);
    if (anchor === undefined) continue;
    const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(headings, link).toContain(anchor);
  }
});
