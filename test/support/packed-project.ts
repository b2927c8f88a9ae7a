import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const rootDir = fileURLToPath(new URL('../../', import.meta.url));
const compiler = join(rootDir, 'node_modules/typescript/bin/tsc');

/** A project of somebody else's, with the package as npm would have brought it. */
export interface PackedProject {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  /** Compiles `receiver.ts` and the like, strictly; rejects with what the compiler says. */
  compile(...files: string[]): Promise<void>;
  /** Runs a file to its end and resolves with what it printed; rejects where it fails. */
  run(file: string): Promise<string>;
  close(): Promise<void>;
}

/** `borrowed`: packages that are taken from ours, as if they had been installed there. */
export async function openPackedProject(...borrowed: string[]): Promise<PackedProject> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-project-'));
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '@types'), { recursive: true });
  const { stdout } = await run('npm', ['pack', rootDir, '--silent', '--pack-destination', folder], {
    cwd: folder,
  });
  await run('tar', ['-xzf', join(folder, stdout.trim()), '-C', folder]);
  await rename(join(folder, 'package'), join(modules, 'earshot'));
  for (const name of ['@types/node', ...borrowed]) {
    await symlink(join(rootDir, 'node_modules', name), join(modules, name));
  }
  await writeFile(join(folder, 'package.json'), '{"name":"receiver","type":"module","private":true}');
  const options = ['--module', 'NodeNext', '--target', 'ES2023', '--strict', '--types', 'node'];
  const strict = ['--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--skipLibCheck'];
  return {
    folder,
    write: (file, text) => writeFile(join(folder, file), text),
    compile: async (...files) => {
      try {
        await run(process.execPath, [compiler, ...options, ...strict, ...files], { cwd: folder });
      } catch (error) {
        throw new Error((error as { stdout?: string }).stdout, { cause: error });
      }
    },
    run: async (file) => (await run(process.execPath, [file], { cwd: folder })).stdout,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
