import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.mjs';

const withoutDatabase = 'what is tested on a real PostgreSQL fails';
const withoutStorage = 'what is tested on a real S3 server (Ceph) is skipped, or fails with CI=true';

/** Programs that some tests drive, the Debian package that has each, and what happens without it. */
const programs = [
  { name: 'strace', without: 'the tests of power loss are skipped' },
  { name: 'curl', without: 'what is compared with curl is skipped' },
  { name: 'postgres', package: 'postgresql', isHere: hasPostgres, without: withoutDatabase },
  { name: 'unzip', without: 'nobody else reads the ZIP files of exports' },
  { name: 'pgbouncer', without: 'nothing is tested behind a connection pooler' },
  { name: 'ffmpeg', without: 'recordings that only ffmpeg decodes are not tested' },
  { name: 'haproxy', without: 'the load balancer of deploy/ is not tested' },
  ...['ceph-mon', 'ceph-osd', 'radosgw'].map((name) => ({ name, without: withoutStorage })),
  { name: 'monmaptool', package: 'ceph-base', without: withoutStorage },
  { name: 'ceph', package: 'ceph-common', without: withoutStorage },
  { name: 'chromium-headless-shell', isHere: hasChromium, without: 'what is tested in a browser fails' },
  { name: 'fonts-noto-cjk', isHere: hasChineseFont, without: 'Chinese text is squares in screenshots' },
];

/**
 * Makes the machine ready for the tests: on Debian or Ubuntu, as root, missing programs are installed unless
 * `mayInstall` is false; each is named first, with the reason. What is still missing then is named, too.
 */
export async function prepareTestMachine({ mayInstall = true } = {}) {
  let missing = missingPrograms();
  if (missing.length > 0 && mayInstall && canInstall()) {
    process.stderr.write('Installing with apt-get (npm test -- --no-install leaves it out):\n');
    for (const program of missing) {
      process.stderr.write(`  ${packageOf(program).padEnd(15)} without it ${program.without}\n`);
    }
    const packages = [...new Set(missing.map(packageOf))];
    if (packages.includes('postgresql')) forbidClusters();
    await installPackages(packages);
    missing = missingPrograms();
  }
  for (const { name, without } of missing) {
    process.stderr.write(`${name} is not on this machine: ${without}.\n`);
  }
}

const packageOf = (program) => program.package ?? program.name;

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
  return existsSync(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium-headless-shell');
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
