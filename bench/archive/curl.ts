import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The baseline of the archiver: `curl --parallel`, eight at once, the same files from the same server to the
 * same disk. It verifies, hashes and syncs nothing. Returns the seconds it took.
 */
export async function downloadWithCurl(urls: readonly string[], folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const list = join(folder, 'urls.txt');
  writeFileSync(list, urls.map((url, index) => `url = "${url}"\noutput = "${index}.wav"\n`).join(''));
  const startedAt = performance.now();
  const curl = spawn(
    'curl',
    ['--parallel', '--parallel-max', '8', '--silent', '--show-error', '--fail', '--config', list],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // It draws its progress meter whatever it is told; only a failure is worth reading.
  let words = '';
  curl.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-1_000)));
  const [code] = (await once(curl, 'close')) as [number | null];
  const seconds = (performance.now() - startedAt) / 1000;
  const files = readdirSync(folder).filter((name) => name.endsWith('.wav')).length;
  if (code !== 0 || files !== urls.length)
    throw new Error(`curl ended with ${code} and ${files} files: ${words}`);
  return seconds;
}
