import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
/** What a fresh clone does not have. */
const made = new Set([
  '.git',
  'node_modules',
  'dist',
  'dist-bench',
  'test-output',
  '.set-up.lock',
  'data',
  'data-demo',
]);

/** The lines of the page, between what brings the checkout and what starts the unit. */
function linesOfThePage(): string[] {
  const [, block = ''] = /\*\*systemd\.\*\*[\s\S]*?```sh\n([\s\S]*?)```/.exec(page) ?? [];
  const lines = block.trim().split('\n');
  expect(lines[0]).toMatch(/^git clone .* && cd \/opt\/earshot$/);
  const start = lines.indexOf('systemctl daemon-reload && systemctl enable --now earshot');
  expect(start).toBeGreaterThan(3);
  return lines.slice(1, start);
}

/** A clean clone, and programs for what a test must not do: packages come from here, and nothing is written into the system. */
function prepare(): { checkout: string; system: string; path: string } {
  const folder = makeTemporaryFolder();
  const [checkout, system, bin] = ['earshot', 'system', 'bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  cpSync(root, checkout, { recursive: true, filter: (from) => !made.has(basename(from)) });
  for (const name of ['etc/sysusers.d', 'etc/systemd/system']) {
    mkdirSync(join(system, name), { recursive: true });
  }
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  const where = (name: string) =>
    spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
  const [npm, install] = [where('npm'), where('install')];
  const write = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  write(
    'npm',
    `case "$1" in
       ci) exec ln -s '${join(root, 'node_modules')}' node_modules ;;
       prune) exit 0 ;;
       *) exec '${npm}' "$@" ;;
     esac`,
  );
  write(
    'install',
    `set -e; last=; for word; do last=$word; done
     case "$last" in /*) ;; *) exit 1 ;; esac
     [ "$1" = -d ] && exec '${install}' -d '${system}'"$last"
     exec '${install}' "$1" "$2" "$3" '${system}'"$last"`,
  );
  write('systemd-sysusers', 'exit 0');
  return { checkout, system, path: `${bin}:${process.env['PATH'] ?? ''}` };
}

it("the page's own lines make, of a clean clone, a server with a console and a first account to make", async () => {
  const { checkout, system, path } = prepare();
  const script = linesOfThePage().join('\n').replaceAll(' > /etc/', ` > ${system}/etc/`);
  const built = spawnSync('sh', ['-ec', script], { cwd: checkout, encoding: 'utf8', env: { PATH: path } });
  expect(built.status, `${built.stdout}${built.stderr}`).toBe(0);
  for (const file of ['sysusers.d/earshot.conf', 'systemd/system/earshot.service', 'earshot/earshot.env']) {
    expect(existsSync(join(system, 'etc', file)), file).toBe(true);
  }

  const unit = readFileSync(join(system, 'etc/systemd/system/earshot.service'), 'utf8');
  const [, start = ''] = /^ExecStart=\/usr\/bin\/node (.*)$/m.exec(unit) ?? [];
  expect(start).toContain('/opt/earshot/');
  const server = spawn(process.execPath, start.replace('/opt/earshot/', '').split(' '), {
    cwd: checkout,
    env: { PATH: path, EARSHOT_PORT: '0', EARSHOT_DATA_DIR: join(checkout, 'data') },
  });
  let words = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  try {
    const [, url = ''] = await until(() => /listening on (\S+)/.exec(words) ?? undefined, {
      what: 'it listens',
    });
    const setup = await fetch(`${url}/setup`, { headers: { accept: 'text/html' } });
    expect([setup.status, setup.headers.get('content-type')]).toEqual([200, expect.stringMatching(/html/)]);
    expect(await setup.text()).toContain('<script');
  } finally {
    server.kill('SIGKILL');
  }
});
