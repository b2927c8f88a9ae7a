import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { consoleFolder } from './support/build-console.js';

/** Of the first page: what a browser fetches before the overview is there. */
const budgetBytes = 300_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly isEntry?: boolean;
}

describe('the console’s bundle', () => {
  let manifest: Record<string, Chunk> = {};
  beforeAll(() => {
    const text = readFileSync(join(consoleFolder, '.vite', 'manifest.json'), 'utf8');
    manifest = JSON.parse(text) as Record<string, Chunk>;
  });

  it('has a first page of at most 300 KB, gzipped', () => {
    const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry);
    // The curves come behind the numbers, but they come.
    const first = [
      ...[entry ?? 'index.html', 'src/pages/overview/overview-page.tsx', 'src/parts/curve/curve.tsx'],
      ...['common', 'problems', 'overview'].map((name) => `src/i18n/zh-CN/${name}.json`),
    ];
    const files = new Set<string>();
    for (const name of first) collect(name, files);
    const sizes = [...files].map((file) => gzipSync(readFileSync(join(consoleFolder, file))).byteLength);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(files.size).toBeGreaterThan(4);
    expect(total).toBeLessThanOrEqual(budgetBytes);
  });

  it('has the styles of every component that it shows', () => {
    const assets = readdirSync(join(consoleFolder, 'assets'));
    const classesIn = (text: string): Set<string> => new Set(text.match(/\bm_[0-9a-f]{5,8}\b/g));
    const read = (end: string): string =>
      assets
        .filter((name) => name.endsWith(end))
        .map((name) => readFileSync(join(consoleFolder, 'assets', name), 'utf8'))
        .join('\n');
    const all = createRequire(import.meta.url).resolve('@mantine/core/styles.css');
    const styled = classesIn(readFileSync(all, 'utf8'));
    const there = classesIn(read('.css'));
    const missing = [...classesIn(read('.js'))].filter((name) => styled.has(name) && !there.has(name));
    expect(missing).toEqual([]);
  });

  it('loads each page by itself', () => {
    const pages = Object.keys(manifest).filter((name) => /^src\/pages\/.*-page\.tsx$/.test(name));
    expect(pages.length).toBeGreaterThan(8);
  });

  it('is of files that import each other one way', () => {
    // In a circle one of them runs before what it imports: a page breaks, or not, by which it is opened from.
    const done = new Set<string>();
    const follow = (name: string, path: readonly string[]): void => {
      expect(path, 'a circle of files').not.toContain(name);
      if (done.has(name)) return;
      for (const imported of manifest[name]?.imports ?? []) follow(imported, [...path, name]);
      done.add(name);
    };
    for (const name of Object.keys(manifest)) follow(name, []);
    expect(done.size).toBeGreaterThan(20);
  });

  it('names nothing that lies elsewhere and holds no source map', () => {
    const names = readdirSync(join(consoleFolder, 'assets'));
    expect(names.filter((name) => name.endsWith('.map'))).toEqual([]);
    const html = readFileSync(join(consoleFolder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  });

  function collect(name: string, files: Set<string>): void {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`${name} is no chunk of its own`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const imported of chunk.imports ?? []) collect(imported, files);
  }
});
