import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readYaml } from '../support/read-yaml.js';
import { settings } from '../../src/settings/settings.js';

const page = new URL('../../docs/deploy.md', import.meta.url);
const text = readFileSync(page, 'utf8');

it('docs/deploy.md names settings that exist', () => {
  const known = new Set<string>(Object.values(settings).map(({ name }) => name));
  const named = new Set(text.match(/\bEARSHOT_[A-Z0-9_]+/g));
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const rulesFile = 'deploy/prometheus/earshot.rules.yaml';

it.each(['docs/deploy.md', rulesFile, 'deploy/prometheus/dashboard.json'])(
  '%s names metrics that exist',
  (file) => {
    // Some are made only where there is something to tell, so they are looked for where they are defined.
    const telemetry = new URL('../../src/telemetry/', import.meta.url);
    const sources = readdirSync(telemetry).filter((name) => /(metrics|gauges)\.ts$/.test(name));
    const defined = sources.map((name) => readFileSync(new URL(name, telemetry), 'utf8')).join();
    const named = new Set(
      [...read(file).matchAll(/\bearshot_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, '')),
    );
    expect(named.size).toBeGreaterThan(10);
    expect([...named].filter((name) => !defined.includes(`'${name}'`))).toEqual([]);
  },
);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly annotations: { readonly summary: string };
}

it('docs/deploy.md has every alarm of the rules, and the same ones', () => {
  const { groups } = readYaml(read(rulesFile)) as { groups: { rules: Rule[] }[] };
  const rules = groups.flatMap(({ rules: each }) => each);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { expr, for: long, annotations } of rules) {
    const meaning = annotations.summary.charAt(0).toLowerCase() + annotations.summary.slice(1);
    const cells = [`\`${expr}\`${long === undefined ? '' : ` for ${long}`}`, meaning];
    expect(text.replaceAll(/ +\| */g, ' | ')).toContain(`| ${cells.join(' | ')} |`);
  }
  const told = [...text.matchAll(/^\| `([^`]*earshot_[^`]*)`( for [0-9]+[mh])? +\|/gm)].map(
    ([, expr]) => expr,
  );
  expect(told).toEqual(rules.map(({ expr }) => expr));
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
