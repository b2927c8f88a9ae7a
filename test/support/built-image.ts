import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environmentOf, readDockerfile, valueOf, type Stage } from './dockerfile.js';

/**
 * An image without Docker. The steps of the Dockerfile are done as they stand there, each stage in a folder that becomes
 * the root of a mount namespace of its own: system folders are this machine's, read-only where it counts, and everything
 * that a step writes lands in the stage's folder. So a forgotten file, a tool that the last stage does not have, a write
 * outside the volume and a missing right all fail as they would in a container.
 */
export interface BuiltImage {
  /** The last stage's own files, as `/` of the image. */
  readonly folder: string;
  readonly stage: Stage;
  /** Runs a program as the image's user, on a read-only root with a volume at /data. The pid is the program's own. */
  start(command: readonly string[], settings?: Readonly<Record<string, string>>): ChildProcess;
  close(): Promise<void>;
}

const run = promisify(execFile);
const rootDir = fileURLToPath(new URL('../../', import.meta.url));
/** Of the machine, in every stage; links (`/bin` on a merged Debian) stay links. */
const systemFolders = ['bin', 'sbin', 'lib', 'lib64', 'usr', 'etc', 'proc', 'dev'];
/** The folder of a stage that lies below one of the machine's. */
const ownLocal = '/usr/local';
const maxBuffer = 64 * 1024 * 1024;

/** A sentence where this machine cannot do it. */
export function whyNoImage(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux may make namespaces';
  const isAble = spawnSync('unshare', ['--mount', 'setpriv', '--version']).status === 0;
  return isAble ? undefined : 'unshare or setpriv is missing, or this machine allows no namespaces';
}

export async function buildImage(): Promise<BuiltImage> {
  const home = await mkdtemp(join(tmpdir(), 'earshot-image-'));
  const close = () => rm(home, { recursive: true, force: true });
  try {
    const { folder, stage } = await buildStages(home);
    return {
      folder,
      stage,
      start: (command, settings = {}) => startIn(folder, stage, command, settings),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Resolves with the last stage. */
async function buildStages(home: string): Promise<{ folder: string; stage: Stage }> {
  const stages = readDockerfile(await readFile(join(rootDir, 'Dockerfile'), 'utf8'));
  const folders = new Map<string, string>();
  let folder = home;
  for (const [index, stage] of stages.entries()) {
    folder = join(home, `stage-${index}`);
    await mkdir(join(`${folder}.local`, 'bin'), { recursive: true });
    await mkdir(folder);
    // Whoever the image's user is must be able to look into its root.
    await chmod(folder, 0o755);
    folders.set(stage.name ?? String(index), folder);
    await buildStage(stage, folder, folders);
  }
  const stage = stages.at(-1);
  if (!stage) throw new Error('the Dockerfile has no stage');
  return { folder, stage };
}

async function buildStage(
  { from, instructions }: Stage,
  folder: string,
  folders: Map<string, string>,
): Promise<void> {
  const isNode = from.startsWith('node:');
  let workdir = '/';
  for (const { name, text } of instructions) {
    if (name === 'WORKDIR') {
      workdir = text;
      await mkdir(join(folder, workdir), { recursive: true });
    }
    if (name === 'COPY') await copyInto(folder, workdir, text, folders);
    if (name === 'RUN') {
      const { command, env } = enter(folder, ['sh', '-ec', `cd ${workdir} && ${text}`], { isNode });
      try {
        await run('unshare', command, { env: { ...process.env, ...env }, maxBuffer });
      } catch (error) {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        throw new Error(`RUN ${text}\n${stdout}${stderr}`, { cause: error });
      }
    }
  }
}

async function copyInto(folder: string, workdir: string, text: string, folders: Map<string, string>) {
  const words = text.split(' ');
  const [, from] = /^--from=(.+)$/.exec(words[0] ?? '') ?? [];
  const sources = words.slice(from === undefined ? 0 : 1, -1);
  const to = words.at(-1) ?? '';
  const target = posix.resolve(workdir, to);
  const isFolder = to.endsWith('/');
  for (const source of sources) {
    if (from === undefined) await copyContext(source, inStage(folder, target), isFolder);
    else {
      const stage = folders.get(from);
      if (stage === undefined) throw new Error(`COPY from ${from}, which is no stage`);
      // The base image's Node is this machine's.
      const file = source === `${ownLocal}/bin/node` ? process.execPath : inStage(stage, source);
      await copy(file, inStage(folder, isFolder ? join(target, basename(source)) : target));
    }
  }
}

/** Copies a file, or what is in a folder, of what a build may see: tracked files that .dockerignore lets through. */
async function copyContext(source: string, target: string, isFolder: boolean): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-z'], { cwd: rootDir, maxBuffer });
  const isSeen = await readIgnore();
  const files = stdout.split('\0').filter((file) => file !== '' && isSeen(file));
  if (files.includes(source)) {
    return copy(join(rootDir, source), isFolder ? join(target, basename(source)) : target);
  }
  const inside = files.filter((file) => file.startsWith(`${source}/`));
  if (inside.length === 0) throw new Error(`COPY ${source}: no such file is part of a build`);
  for (const file of inside) {
    // Renamed or removed, and not yet committed.
    if (await exists(join(rootDir, file)))
      await copy(join(rootDir, file), join(target, file.slice(source.length + 1)));
  }
}

async function readIgnore(): Promise<(file: string) => boolean> {
  const text = await readFile(join(rootDir, '.dockerignore'), 'utf8');
  const rules = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return (file) => {
    let isSeen = true;
    for (const rule of rules) {
      const pattern = rule.replace(/^!/, '');
      const suffix = /^\*\*\/\*(\.[\w.]+)$/.exec(pattern)?.[1];
      const isMatch =
        pattern === '*' ||
        file === pattern ||
        file.startsWith(`${pattern}/`) ||
        (suffix !== undefined && file.endsWith(suffix));
      if (isMatch) isSeen = rule.startsWith('!');
    }
    return isSeen;
  };
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function inStage(folder: string, path: string): string {
  return path.startsWith(`${ownLocal}/`)
    ? join(`${folder}.local`, path.slice(ownLocal.length))
    : join(folder, path);
}

function startIn(
  folder: string,
  stage: Stage,
  command: readonly string[],
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const [user = '', group = ''] = String(valueOf(stage, 'USER')).split(':');
  const limits = ['--clear-groups', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
  const asUser = ['setpriv', `--reuid=${user}`, `--regid=${group}`, ...limits];
  const workdir = String(valueOf(stage, 'WORKDIR'));
  const inside = ['sh', '-ec', `cd ${workdir} && exec "$@"`, 'sh', ...asUser, ...command];
  const entered = enter(folder, inside, { isNode: false, volume: String(valueOf(stage, 'VOLUME')) });
  return spawn('unshare', entered.command, {
    env: { ...entered.env, ...environmentOf(stage), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Arguments for `unshare`. With a volume, everything else is read-only. */
function enter(
  folder: string,
  command: readonly string[],
  { isNode, volume }: { readonly isNode: boolean; readonly volume?: string },
): { command: string[]; env: Record<string, string> } {
  const root = `"${folder}"`;
  const script = [
    'mount --make-rprivate /',
    `mount --bind ${root} ${root}`,
    `for name in ${systemFolders.join(' ')}; do`,
    `  if [ -L /$name ]; then [ -e ${root}/$name ] || cp -a /$name ${root}/$name`,
    `  elif [ -d /$name ]; then mkdir -p ${root}/$name; mount --rbind /$name ${root}/$name; fi`,
    'done',
    `mkdir -p ${root}/tmp`,
    // npm's cache and what it is told about registries are those of whoever builds.
    ...(isNode ? [`mkdir -p ${root}${homedir()}`, `mount --bind ${homedir()} ${root}${homedir()}`] : []),
    ...(isNode ? [] : [`mount --bind "${folder}.local" ${root}${ownLocal}`]),
    ...(volume === undefined
      ? []
      : [
          `mount --bind ${root}${volume} ${root}${volume}`,
          ...['', '/usr', ownLocal, '/etc'].map((name) => `mount -o remount,bind,ro ${root}${name}`),
        ]),
    `exec chroot ${root} "$@"`,
  ].join('\n');
  const debian = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return {
    command: ['--mount', 'sh', '-ec', script, 'sh', ...command],
    env: { PATH: isNode ? `${dirname(process.execPath)}:${debian}` : debian },
  };
}
