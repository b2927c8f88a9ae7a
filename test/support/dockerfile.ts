/** One line of a Dockerfile, continuation lines joined. */
export interface Instruction {
  readonly name: string;
  /** As it stands, without the name. */
  readonly text: string;
}

export interface Stage {
  /** What it begins from: an image, or an earlier stage. */
  readonly from: string;
  readonly name?: string;
  readonly instructions: readonly Instruction[];
}

/** Reads as much of the language as ours uses; throws on a line that is no instruction. */
export function readDockerfile(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { from: string; name?: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name, rest] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) throw new Error(`No instruction: ${line}`);
    if (name === 'FROM') {
      const [, from = '', as] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ from, instructions: [], ...(as === undefined ? {} : { name: as }) });
    } else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** What the last instruction of a name says, in its list form where it has one. */
export function valueOf({ instructions }: Stage, name: string): string | string[] | undefined {
  const last = instructions.filter((each) => each.name === name).at(-1)?.text;
  return last?.startsWith('[') === true ? (JSON.parse(last) as string[]) : last;
}

/** Every `NAME=value` of the stage's ENV lines. */
export function environmentOf({ instructions }: Stage): Record<string, string> {
  const pairs = instructions
    .filter(({ name }) => name === 'ENV')
    .flatMap(({ text }) => text.split(' ').map((pair) => pair.split('=') as [string, string]));
  return Object.fromEntries(pairs);
}
