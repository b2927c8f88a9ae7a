import { type Command } from 'commander';
import { openServerClient, type ServerClient } from '../app/commands/server-client.js';
import { addSettingOptions, configOf } from './setting-options.js';

/** Flags of a command that speaks to a running server: where it is, and how to print. */
export function forServer(command: Command): Command {
  addSettingOptions(command, ['host', 'port', 'publicUrl', 'dataDir']);
  return command.option('--json', 'print for programs');
}

export function clientOf(options: Readonly<Record<string, unknown>>): ServerClient {
  return openServerClient(configOf(options), fetch);
}
