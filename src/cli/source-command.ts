import { type Command } from 'commander';
import { findPushUrl } from '../app/commands/push-url.js';
import { addSettingOptions, configOf } from './setting-options.js';
import { printData, printJson } from './terminal.js';

export function addSourceCommand(program: Command): void {
  const source = program.command('source').description('places that pushes come from');
  addSettingOptions(source.command('url [name]'), ['host', 'port', 'publicUrl', 'dataDir'])
    .description('print the push URL of a source, "default" unless named; anyone who has it can push')
    .option('--json', 'print for programs')
    .action(async (name: string | undefined, options: Readonly<Record<string, unknown>>) => {
      const pushUrl = await findPushUrl(configOf(options), name ?? 'default');
      if (options['json'] === true) printJson({ name: name ?? 'default', pushUrl });
      else printData(pushUrl);
    });
}
