import { type Command } from 'commander';
import { describeConfig } from '../settings/describe-settings.js';
import { examine } from '../app/commands/doctor.js';
import { printData, printJson, say, toTable } from './terminal.js';
import { addSettingOptions, configOf } from './options.js';

type Options = Readonly<Record<string, unknown>>;

export function addInspectCommands(program: Command): void {
  addSettingOptions(program.command('config'))
    .description('print every setting, its value and where it came from; secrets are redacted')
    .option('--json', 'print for programs')
    .action((options: Options) => {
      const described = describeConfig(configOf(options));
      if (options['json'] === true) printJson(described);
      else
        printData(
          toTable(described.map(({ name, value, origin, meaning }) => [name, value, origin, meaning])),
        );
    });
  addSettingOptions(program.command('doctor'), ['dataDir', 'storageUrl'])
    .description('look at everything Earshot depends on; each failure comes with the command that mends it')
    .option('--json', 'print for programs')
    .action(async (options: Options) => {
      const findings = await examine(configOf(options), Date.now());
      if (options['json'] === true) printJson(findings);
      else
        for (const { name, ok, detail, remedy } of findings) {
          printData(`${ok ? 'ok  ' : 'FAIL'}  ${name}: ${detail}`);
          if (remedy !== undefined) printData(`      mend it: ${remedy}`);
        }
      const failed = findings.filter(({ ok }) => !ok).length;
      say(failed === 0 ? 'Everything is well.' : `${failed} of ${findings.length} checks failed.`);
      if (failed > 0) process.exitCode = 1;
    });
}
