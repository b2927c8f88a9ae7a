import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type Command, Option } from 'commander';
import {
  createAccount,
  disableAccount,
  endSessions,
  listAccounts,
  makeSetupLinkFor,
  removeSecondFactor,
  setPassword,
} from '../app/commands/accounts.js';
import type { RoleWord } from '../contract/session.js';
import { addSettingOptions, configOf } from './options.js';
import { printable, printData, printJson, say, toTable } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

const roles = ['administrator', 'operator', 'reviewer', 'viewer'] as const satisfies readonly RoleWord[];

/** For those who are locked out, and for scripts: works beside a running server and without one. */
export function addAccountCommand(program: Command): void {
  const account = program
    .command('account')
    .description('list, make and mend the accounts that people sign in with');
  addSettingOptions(account.command('list'), ['dataDir'])
    .description('list accounts')
    .option('--json', 'print for programs')
    .action(runList);
  addSettingOptions(account.command('create <name>'), ['dataDir'])
    .description('make an account; its password is asked for, or read from standard input')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).default('administrator'))
    .option('--json', 'print for programs')
    .action(async (name: string, options: Options) => {
      const password = await readPassword(`Password for ${printable(name)}: `);
      const role = options['role'] as RoleWord;
      const { id } = await createAccount(configOf(options), { name, role, password });
      if (options['json'] === true) printJson({ id, name, role });
      else printData(id);
      say(`There is an account ${printable(name)} now (${role}).`);
    });
  addSettingOptions(account.command('setup-link'), ['host', 'port', 'publicUrl', 'dataDir'])
    .description('print a link that creates the first account in a browser; it holds for a day')
    .option('--json', 'print for programs')
    .action(async (options: Options) => {
      const link = await makeSetupLinkFor(configOf(options));
      if (options['json'] === true) printJson({ link });
      else printData(link);
    });
  addSettingOptions(account.command('set-password <name>'), ['dataDir'])
    .description('set a password, asked for or read from standard input; all its sessions end')
    .option('--json', 'print for programs')
    .action(async (name: string, options: Options) => {
      const password = await readPassword(`New password for ${printable(name)}: `);
      const { id } = await setPassword(configOf(options), name, password);
      if (options['json'] === true) printJson({ id, isDisabled: false });
      say(`${printable(name)} signs in with the new password. The account is enabled.`);
    });
  addSettingOptions(account.command('sign-out <name>'), ['dataDir'])
    .description('end all sessions of an account; it may sign in again')
    .option('--json', 'print for programs')
    .action(async (name: string, options: Options) => {
      const sessions = await endSessions(configOf(options), name);
      if (options['json'] === true) printJson({ sessions });
      say(`${printable(name)} is signed out (${sessions} ${sessions === 1 ? 'session' : 'sessions'}).`);
    });
  addSettingOptions(account.command('remove-second-factor <name>'), ['dataDir'])
    .description('ask an account for no code any more and remove its passkeys, where they were lost')
    .option('--json', 'print for programs')
    .action(async (name: string, options: Options) => {
      await removeSecondFactor(configOf(options), name);
      if (options['json'] === true) printJson({ hasSecondFactor: false });
      say(`${printable(name)} signs in with the password alone.`);
    });
  addSettingOptions(account.command('disable <name>'), ['dataDir'])
    .description('let an account sign in no more; its sessions end at once')
    .option('--json', 'print for programs')
    .action(async (name: string, options: Options) => {
      const { id } = await disableAccount(configOf(options), name);
      if (options['json'] === true) printJson({ id, isDisabled: true });
      say(`${printable(name)} cannot sign in any more. What the account did stays in the audit log.`);
    });
}

async function runList(options: Options): Promise<void> {
  const people = (await listAccounts(configOf(options))).map((person) => ({
    id: person.id,
    name: person.name,
    role: person.role,
    isDisabled: person.isDisabled,
    hasSecondFactor: person.hasSecondFactor,
    signsInBy: [...(person.hasPassword ? ['password'] : []), ...(person.identity ? ['single-sign-on'] : [])],
    createdAt: new Date(person.createdAt).toISOString(),
  }));
  if (options['json'] === true) printJson(people);
  else if (people.length === 0)
    say('There is no account yet; "earshot account setup-link" prints a link that makes one.');
  else {
    printData(
      toTable(
        people.map(({ name, role, isDisabled, signsInBy }) => [
          ...[printable(name), role, isDisabled ? 'disabled' : '', signsInBy.join(', ')],
        ]),
      ),
    );
  }
}

/**
 * A password: typed unseen at a terminal, or the first line of standard input. Never an argument: those are in the
 * list of processes and in the shell's history.
 */
async function readPassword(question: string): Promise<string> {
  const isTerminal = process.stdin.isTTY;
  if (isTerminal) process.stderr.write(question);
  // At a terminal readline echoes what is typed to its output: here, to nowhere.
  const output = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: isTerminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}
