import process from 'node:process';
import { HELP, parseBridgeArgs, type BridgeArgs } from './cli/bridge-args.ts';
import { examine } from './cli/doctor.ts';
import { initKeys } from './cli/init-keys.ts';
import type { Output } from './cli/print.ts';
import { readConfig, type BridgeConfig } from './config.ts';
import { runBridge } from './run-bridge.ts';
import { readAgentFolder } from './secrets/agent-folder.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

type Env = Readonly<Record<string, string | undefined>>;
type Command = Extract<BridgeArgs, { kind: 'command' }>;

const OUT: Output = {
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
};

/** The command `offchain-bridge`; gives its exit code. */
export async function main(args: readonly string[], env: Env): Promise<number> {
  const parsed = parseBridgeArgs(args);
  switch (parsed.kind) {
    case 'help':
      OUT.print(HELP);
      return 0;
    case 'invalid':
      OUT.complain(`${parsed.problem}\n\n${HELP}`);
      return EXIT_USAGE;
    case 'command':
      return command(parsed, env);
  }
}

async function command(args: Command, env: Env): Promise<number> {
  if (args.command === 'init') return initKeys(args.dir ?? 'bridge-keys', OUT);
  const withDir = args.dir === undefined ? env : { ...env, BRIDGE_DIR: args.dir };
  const read = readConfig(withDir, args.configFile);
  if (read.kind === 'invalid') {
    OUT.complain(`The configuration is wrong:\n${read.problems}\n`);
    return EXIT_USAGE;
  }
  for (const warning of read.warnings) OUT.complain(`${warning}\n`);
  return args.command === 'doctor' ? examine(read.config, OUT) : run(read.config);
}

/** Until SIGINT or SIGTERM; a second one ends the process at once. */
async function run(config: BridgeConfig): Promise<number> {
  const folder = await readAgentFolder(config.dir);
  if (folder.kind === 'invalid') {
    OUT.complain(`${folder.problems.join('\n')}\n`);
    return EXIT_FAILED;
  }
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(EXIT_FAILED);
      stopping.abort(new Error('the bridge is being stopped'));
    });
  }
  try {
    await runBridge({
      config,
      keys: folder.keys,
      signal: stopping.signal,
      listening: (url) => {
        OUT.print(`bridge: ${url}\n`);
      },
    });
    return 0;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    OUT.complain(`The pages of the bridge cannot be served: ${error.message}\n`);
    return EXIT_FAILED;
  }
}
