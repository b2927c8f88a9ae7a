import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** Programs that some tests drive, and what goes untested without them. */
const programs = [
  { name: 'strace', reason: 'the power-loss tests are skipped' },
  { name: 'curl', reason: 'what is compared with curl is skipped' },
];

/**
 * Makes the machine ready for the tests: on Debian or Ubuntu, as root, missing programs are installed;
 * anywhere else they are named, with what is skipped for lack of them.
 */
export async function prepareTestMachine() {
  let missing = programs.filter(({ name }) => !isOnPath(name));
  if (missing.length === 0) return;
  if (canInstall()) {
    const names = missing.map(({ name }) => name);
    process.stderr.write(`Installing ${names.join(', ')} (apt-get) …\n`);
    await installPackages(names);
    missing = missing.filter(({ name }) => !isOnPath(name));
  }
  for (const { name, reason } of missing) {
    process.stderr.write(`${name} is not on this machine: ${reason}.\n`);
  }
}

function isOnPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0 && isOnPath('apt-get');
}

/** A fresh machine has no package lists, so a first failure is answered with an update. */
async function installPackages(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    runCommand(['apt-get', 'install', '-y', '--no-install-recommends', ...names], { env });
  if ((await install()).code === 0) return;
  await runCommand(['apt-get', 'update'], { env });
  const { code, output } = await install();
  if (code !== 0) process.stderr.write(output);
}
