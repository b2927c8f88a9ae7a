import { type Command, InvalidArgumentError, Option } from 'commander';
import { addKey, listKeys, removeKey, rotateLinks } from '../app/commands/keys.js';
import type { RightWord } from '../contract/session.js';
import { printData, printJson, say, toTable } from './terminal.js';
import { addSettingOptions, configOf, parseNumber } from './options.js';

const scopes = [
  ...(['view', 'listen', 'download', 'review', 'export', 'operate', 'administer'] as const),
] satisfies readonly RightWord[];

type Options = Readonly<Record<string, unknown>>;

export function addKeyCommand(program: Command): void {
  const key = program.command('key').description('make, list and remove API keys');
  addSettingOptions(key.command('add <name>'), ['dataDir'])
    .description('make a key; it is printed once, and only its hash is kept')
    .addOption(new Option('--scope <right...>', 'what it may do; everything unless named').choices(scopes))
    .option(
      '--expires-in-days <n>',
      'days after which it is refused; it does not end unless named',
      parseDays,
    )
    .option('--json', 'print for programs')
    .action(async (name: string, options: Options) => {
      const chosen = (options['scope'] as RightWord[] | undefined) ?? scopes;
      const made = await addKey(
        configOf(options),
        name,
        [...new Set(chosen)],
        options['expiresInDays'] as number | undefined,
      );
      if (options['json'] === true) printJson({ ...made, name, scopes: chosen });
      else printData(made.key);
      say(`This is key ${made.id} ("${name}"). It is not kept and cannot be shown again.`);
    });
  addSettingOptions(key.command('list'), ['dataDir'])
    .description('list keys, without the keys themselves')
    .option('--json', 'print for programs')
    .action(async (options: Options) => {
      const keys = (await listKeys(configOf(options))).map((entry) => ({
        ...entry,
        createdAt: new Date(entry.createdAt).toISOString(),
        ...(entry.expiresAt === undefined ? {} : { expiresAt: new Date(entry.expiresAt).toISOString() }),
        ...(entry.lastUsedAt === undefined ? {} : { lastUsedAt: new Date(entry.lastUsedAt).toISOString() }),
      }));
      if (options['json'] === true) printJson(keys);
      else if (keys.length > 0)
        printData(
          toTable(
            keys.map(({ id, name, createdAt, expiresAt, owner, isOrphaned, scopes: may }) => [
              ...[id, createdAt, name, may.join(' ')],
              expiresAt === undefined ? 'does not end' : `until ${expiresAt}`,
              `${owner?.name ?? 'no owner'}${isOrphaned ? ' (account gone or disabled: refused)' : ''}`,
            ]),
          ),
        );
      else
        say(
          "There is no key but the administrator's (EARSHOT_API_KEY, or the file api-key in the data folder).",
        );
    });
  addSettingOptions(key.command('remove <id>'), ['dataDir'])
    .description('remove a key; a running server forgets it within seconds')
    .option('--json', 'print for programs')
    .action(async (id: string, options: Options) => {
      const isRemoved = await removeKey(configOf(options), id);
      if (options['json'] === true) printJson({ id, isRemoved });
      if (isRemoved) say(`Key ${id} is removed.`);
      else {
        say(`There is no key ${id}. Nothing was changed; "earshot key list" lists them.`);
        process.exitCode = 1;
      }
    });
  addSettingOptions(key.command('rotate-links'), ['dataDir', 'linkDays'])
    .description('make a new key for signed links to recordings')
    .option('--revoke-old', 'links that were signed before die at once, instead of when they expire')
    .option('--json', 'print for programs')
    .action(async (options: Options) => {
      const revoked = options['revokeOld'] === true;
      const keyId = await rotateLinks(configOf(options), revoked);
      if (options['json'] === true) printJson({ keyId, revoked });
      say(
        revoked
          ? `Links are signed by ${keyId} from now on; those signed before are dead. A running server notices within seconds.`
          : `Links are signed by ${keyId} from now on; those signed before stay valid until they expire.`,
      );
    });
}

function parseDays(text: string): number {
  const days = parseNumber(text);
  if (!(days > 0 && days <= 3650)) throw new InvalidArgumentError('It is no number of days up to 3650.');
  return days;
}
