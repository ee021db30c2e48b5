import { parseArgs } from 'node:util';

export const HELP = `offchain-bridge <command> [options]

  init     make the keys of a bridge and print what sellers need
  doctor   check everything that a bridge needs, and say how to mend what is wrong
  run      do the work until SIGTERM

  --config <file>  YAML; every name can also be set as BRIDGE_<NAME> in the environment
  --dir <folder>   of the keys (bridge-keys)
`;

export type BridgeCommand = 'init' | 'doctor' | 'run';

export type BridgeArgs =
  | {
      readonly kind: 'command';
      readonly command: BridgeCommand;
      readonly configFile: string | undefined;
      readonly dir: string | undefined;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly problem: string };

const COMMANDS: readonly string[] = ['init', 'doctor', 'run'] satisfies readonly BridgeCommand[];

/** Reads the command line; an invalid one says what is wrong with it. */
export function parseBridgeArgs(args: readonly string[]): BridgeArgs {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        dir: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help || args.length === 0) return { kind: 'help' };
    const [command, ...rest] = positionals;
    if (!isCommand(command)) {
      return { kind: 'invalid', problem: `There is no command ${command ?? '(none was given)'}.` };
    }
    if (rest.length > 0) return { kind: 'invalid', problem: `What is ${rest.join(' ')}?` };
    return { kind: 'command', command, configFile: values.config, dir: values.dir };
  } catch (error) {
    return { kind: 'invalid', problem: error instanceof Error ? error.message : String(error) };
  }
}

function isCommand(word: string | undefined): word is BridgeCommand {
  return word !== undefined && COMMANDS.includes(word);
}
