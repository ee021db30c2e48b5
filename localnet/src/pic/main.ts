import { createRunningInstance } from './create-running-instance.ts';
import { runServer } from './run-server.ts';
import { parseServerArgs } from './server-args.ts';

/** The `pocket-ic` command: serves until it is told to stop, then ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  await runServer(parseServerArgs(args), createRunningInstance);
  process.exit(0);
}
