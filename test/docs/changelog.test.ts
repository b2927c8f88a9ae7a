import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const [, ...sections] = read('CHANGELOG.md').split(/^## /m);

it('every version of the changelog says whether it changes the schema', () => {
  expect(sections[0]).toMatch(/^Unreleased\n/);
  for (const section of sections) {
    expect(section).toMatch(
      /^(Unreleased|\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\))\n\nChanges the schema: (yes|no)\.\n/,
    );
  }
});

it('the version of the package is one that was released, or the first to be', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const released = sections.slice(1).map((section) => section.split(' ')[0]);
  expect(released.length === 0 ? '0.1.0' : released[0]).toBe(version);
});
