import { Argument, type Command } from 'commander';
import { printData } from './terminal.js';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `addAll` adds every command there is. */
export function addCompletionCommand(program: Command, addAll: (program: Command) => Promise<void>): void {
  program
    .command('completion')
    .description(
      'print what makes a shell complete commands and flags; for bash: eval "$(earshot completion bash)"',
    )
    .addArgument(new Argument('<shell>', 'of which shell').choices(shells))
    .option('--json', 'print the words behind each command, for programs')
    .action(async (shell: (typeof shells)[number], options: Readonly<Record<string, unknown>>) => {
      const words = await readWords(program, addAll);
      if (options['json'] === true) printData(JSON.stringify(Object.fromEntries(words), null, 2));
      else printData(shell === 'fish' ? toFish(words) : toBash(words, shell === 'zsh'));
    });
}

/** What may come behind each command: its commands and its flags. The program itself is the empty text. */
async function readWords(
  program: Command,
  addAll: (program: Command) => Promise<void>,
): Promise<Map<string, string[]>> {
  const all = program.createCommand(program.name());
  await addAll(all);
  const words = new Map<string, string[]>();
  const collect = (command: Command, path: readonly string[]): void => {
    const flags = command.options.flatMap(({ long }) => long ?? []);
    words.set(path.join(' '), [...command.commands.map((each) => each.name()), ...flags, '--help'].sort());
    for (const each of command.commands) collect(each, [...path, each.name()]);
  };
  collect(all, []);
  return words;
}

function toBash(words: ReadonlyMap<string, readonly string[]>, isZsh: boolean): string {
  const paths = [...words.keys()].filter((path) => path !== '');
  return [
    ...(isZsh ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_earshot() {',
    "  local at='' word index",
    '  for ((index = 1; index < COMP_CWORD; index++)); do',
    '    word="${at:+$at }${COMP_WORDS[index]}"',
    `    case "$word" in ${paths.map((path) => `'${path}'`).join('|')}) at="$word" ;; esac`,
    '  done',
    '  case "$at" in',
    ...[...words].map(([path, known]) => `    '${path}') word='${known.join(' ')}' ;;`),
    '  esac',
    '  COMPREPLY=($(compgen -W "$word" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _earshot earshot',
  ].join('\n');
}

function toFish(words: ReadonlyMap<string, readonly string[]>): string {
  const paths = [...words.keys()].filter((path) => path !== '');
  return [
    'function __earshot_words',
    "  set -l at ''",
    '  for word in (commandline -opc)[2..]',
    '    set -l next (string trim "$at $word")',
    `    contains -- "$next" ${paths.map((path) => `'${path}'`).join(' ')}; and set at "$next"`,
    '  end',
    '  switch "$at"',
    ...[...words].map(([path, known]) => `    case '${path}'\n      printf '%s\\n' ${known.join(' ')}`),
    '  end',
    'end',
    "complete -c earshot -a '(__earshot_words)'",
  ].join('\n');
}
