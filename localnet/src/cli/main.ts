import pc from 'picocolors';
import { StateDirError } from '../persist/state-dir-error.ts';
import { parseCommand, USAGE } from './cli-args.ts';
import { runStart } from './run-start.ts';
import { runStatus, runStop } from './run-status.ts';
import { runTime } from './run-time.ts';
import { UsageError } from './usage-error.ts';

/** The `localnet` command. Gives the exit code; what the user has to know is on standard error. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await run(args);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof StateDirError)) throw error;
    process.stderr.write(`${pc.red('localnet:')} ${error.message}\n`);
    return 1;
  }
}

async function run(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args;
  if (verb === 'fault') {
    const { runFault } = await import('./run-fault.ts');
    return runFault(rest);
  }
  if (verb === 'clouds') {
    const { runClouds } = await import('./run-clouds.ts');
    return runClouds(rest);
  }
  const command = parseCommand(args);
  switch (command.kind) {
    case 'start':
      return runStart(command);
    case 'status':
      return runStatus(command.stateDir);
    case 'stop':
      return runStop(command.stateDir);
    case 'time':
      return runTime(command.time, command.stateDir);
    case 'market': {
      // The agent takes longer to load than the rest of the command.
      const { runMarket } = await import('./run-market.ts');
      return runMarket(command.market, command.stateDir);
    }
    case 'help':
      process.stdout.write(USAGE);
  }
}
