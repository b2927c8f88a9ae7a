import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildConsole, consoleFolder } from './support/build-console.js';

/** Of the first page: what a browser fetches before the overview is there. */
const budgetBytes = 300 * 1024;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly isEntry?: boolean;
}

describe('the console’s bundle', () => {
  let manifest: Record<string, Chunk> = {};
  beforeAll(async () => {
    await buildConsole();
    const text = readFileSync(join(consoleFolder, '.vite', 'manifest.json'), 'utf8');
    manifest = JSON.parse(text) as Record<string, Chunk>;
  }, 120_000);

  it('has a first page of at most 300 KB, gzipped', () => {
    const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry);
    const first = [
      ...[entry ?? 'index.html', 'src/pages/overview/overview-page.tsx'],
      ...['src/i18n/zh-CN/common.json', 'src/i18n/zh-CN/overview.json'],
    ];
    const files = new Set<string>();
    for (const name of first) collect(name, files);
    const sizes = [...files].map((file) => gzipSync(readFileSync(join(consoleFolder, file))).byteLength);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(files.size).toBeGreaterThan(4);
    expect(total).toBeLessThanOrEqual(budgetBytes);
  });

  it('loads each page by itself', () => {
    const pages = Object.keys(manifest).filter((name) => /^src\/pages\/.*-page\.tsx$/.test(name));
    expect(pages.length).toBeGreaterThan(8);
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
