import { type Command } from 'commander';
import { startService, type Service } from '../app/service.js';
import { openSupervisor } from '../app/supervisor.js';
import { settings } from '../settings/settings.js';
import { version } from '../settings/environment.js';
import type { Config } from '../settings/config.js';
import { say, toTable } from './terminal.js';
import { addSettingOptions, configOf } from './options.js';

export function addServeCommand(program: Command): void {
  addSettingOptions(
    program.command('serve').description('receive pushes, archive recordings, serve the API'),
  ).action(async (options: Record<string, unknown>) => {
    const config = configOf(options);
    const service = await startService(config);
    const supervisor = openSupervisor(service.log);
    supervisor.ready();
    announce(service, config);
    await untilStopped();
    supervisor.stopping();
    say('Stopping: no new work, what runs is finished or released. A second Ctrl-C ends at once.');
    await service.stop();
    say('Stopped. Everything that was acknowledged is kept.');
  });
}

/**
 * What somebody who just started Earshot wants to know: where it is, where pushes go, where the key is. Words that are not
 * read at a terminal are kept somewhere, in a journal or by a collector of logs: secrets are not among them.
 */
export function announce(service: Service, config: Config): void {
  const { publicUrl, url, secrets } = service;
  const { roles } = config;
  const isTerminal = process.stderr.isTTY;
  const runs = settings.roles.fallback.every((role) => roles.includes(role))
    ? 'every part'
    : roles.join(', ');
  const pushUrl = isTerminal ? `${publicUrl}/push/${secrets.pushToken}` : 'as `earshot source url` prints it';
  say(
    toTable([
      [`Earshot ${version}`, `listening on ${url}`],
      ['  data folder', config.dataDir],
      ...(config.databaseUrl === undefined ? [] : [['  store', `PostgreSQL; this process runs ${runs}`]]),
      ...(roles.includes('intake') ? [['  push URL', pushUrl]] : []),
      ...(roles.includes('api')
        ? [['  API', `${publicUrl}/api/v1 (described at /api/v1/openapi.json)`]]
        : []),
      ['  API key', secrets.apiKeyFile ?? 'as set by EARSHOT_API_KEY'],
    ]),
  );
  // With a database elsewhere it may be long until anybody can say whether there is an account.
  void tellOfSetup(service, isTerminal);
}

async function tellOfSetup(service: Service, isTerminal: boolean): Promise<void> {
  if (!(await service.needsSetup())) return;
  if (!isTerminal) {
    say('There is no administrator yet: `earshot account setup-link` prints a link that creates one.');
    return;
  }
  try {
    const link = await service.makeSetupLink();
    if (link === undefined) return;
    say(`There is no administrator yet. Open this link in a browser within a day to create one:\n  ${link}`);
  } catch (error) {
    service.log.warn({ err: error }, 'The link that makes the first account could not be made.');
  }
}

/** A terminal and npm both pass Ctrl-C on, within milliseconds: only a later one is a second one. */
const repeatMs = 1_000;

/** Resolves at the first SIGINT or SIGTERM; a later one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (): void => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        resolve();
      } else if (performance.now() - firstAt > repeatMs) process.exit(1);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
