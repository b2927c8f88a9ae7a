import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.mjs';

const withoutDatabase = 'what is tested on a real PostgreSQL fails';
const withoutStorage = 'what is tested on a real S3 server is skipped, or fails with CI=true';

/** Programs that some tests drive, the Debian package that has each, and what goes untested without them. */
const programs = [
  { name: 'strace', reason: 'the power-loss tests are skipped' },
  { name: 'curl', reason: 'what is compared with curl is skipped' },
  { name: 'postgres', package: 'postgresql', isHere: hasPostgres, reason: withoutDatabase },
  { name: 'unzip', reason: 'ZIP files of exports are read by nobody else' },
  { name: 'pgbouncer', reason: 'what is tested behind a pooler goes untested' },
  { name: 'ffmpeg', reason: 'recordings that ffmpeg alone decodes go untested' },
  { name: 'haproxy', reason: 'the load balancer of deploy/ goes untested' },
  ...['ceph-mon', 'ceph-osd', 'radosgw'].map((name) => ({ name, reason: withoutStorage })),
  { name: 'monmaptool', package: 'ceph-base', reason: withoutStorage },
  { name: 'ceph', package: 'ceph-common', reason: withoutStorage },
  { name: 'chromium', isHere: hasChromium, reason: 'what is tested in a browser fails' },
  { name: 'fonts-noto-cjk', isHere: hasChineseFont, reason: 'Chinese text is squares in screenshots' },
];

/**
 * Makes the machine ready for the tests: on Debian or Ubuntu, as root, missing programs are installed;
 * anywhere else they are named, with what is skipped for lack of them.
 */
export async function prepareTestMachine() {
  let missing = missingPrograms();
  if (missing.length === 0) return;
  if (canInstall()) {
    const packages = [...new Set(missing.map((program) => program.package ?? program.name))];
    process.stderr.write(`Installing ${packages.join(', ')} (apt-get) …\n`);
    if (packages.includes('postgresql')) forbidClusters();
    await installPackages(packages);
    missing = missingPrograms();
  }
  for (const { name, reason } of missing) {
    process.stderr.write(`${name} is not on this machine: ${reason}.\n`);
  }
}

function missingPrograms() {
  return programs.filter(({ name, isHere }) => !(isHere ? isHere() : isOnPath(name)));
}

function isOnPath(name) {
  // Daemons lie in sbin, which is not on everybody's path.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => existsSync(join(folder, name)));
}

/** Debian keeps each version's programs in a folder of their own. */
function hasPostgres() {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions.some((version) => existsSync(join(root, version, 'bin', 'postgres')));
}

function hasChromium() {
  return existsSync(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium');
}

function hasChineseFont() {
  return !canInstall() || existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc');
}

/** Debian's package makes and starts a cluster of its own unless it is told not to; tests start theirs themselves. */
function forbidClusters() {
  const folder = '/etc/postgresql-common';
  const file = join(folder, 'createcluster.conf');
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, 'create_main_cluster = false\n');
}

function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0 && isOnPath('apt-get');
}

/** A fresh machine has no package lists, so a first failure is answered with an update. */
async function installPackages(names) {
  // A file of settings that was there before its package stays as it is.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1' };
  const install = () =>
    runCommand(['apt-get', 'install', '-y', '--no-install-recommends', ...names], { env });
  if ((await install()).code === 0) return;
  await runCommand(['apt-get', 'update'], { env });
  const { code, output } = await install();
  if (code !== 0) process.stderr.write(output);
}
