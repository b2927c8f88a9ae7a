import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/**
 * How much slower than a quiet machine this one is just now, at least 1. Every time limit of the tests is multiplied by
 * it: a limit guards against hanging, and a busy machine does not hang. What is timed is what tests wait for most: a
 * child process that starts, an fsync, a page that opens. The slowest of the three decides.
 *
 * @returns {{ patience: number, words: string }} the factor, and a sentence for people.
 */
export function measurePatience(chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium-headless-shell') {
  const measures = [
    { name: 'a process starts in', quietMs: 75, ms: fastest(3, startProcess) },
    { name: 'an fsync takes', quietMs: 5, ms: fastest(10, writeAndSync) },
    { name: 'a page opens in', quietMs: 250, ms: fastest(1, () => openPage(chromium)) },
  ];
  const patience = Math.max(1, ...measures.map(({ ms, quietMs }) => Math.ceil((10 * ms) / quietMs) / 10));
  const figures = measures.map(({ name, ms }) => `${name} ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`);
  return { patience, words: `Time limits × ${patience} (${figures.join(', ')}).` };
}

/** Of a few tries: the others tell of a moment, not of the machine. */
function fastest(tries, act) {
  const durations = Array.from({ length: tries }, () => {
    const startedAt = performance.now();
    act();
    return performance.now() - startedAt;
  });
  return Math.min(...durations);
}

function startProcess() {
  spawnSync(process.execPath, ['-e', '0']);
}

function writeAndSync() {
  const file = join(tmpdir(), `earshot-fsync-${process.pid}`);
  const handle = openSync(file, 'w');
  writeSync(handle, 'x'.repeat(4096));
  fsyncSync(handle);
  closeSync(handle);
  rmSync(file);
}

/** Where there is no Chromium this takes no time. */
function openPage(chromium) {
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  spawnSync(chromium, [...args, '--dump-dom', 'about:blank'], { stdio: 'ignore' });
}
