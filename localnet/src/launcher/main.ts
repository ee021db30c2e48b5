import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalnet } from '../cli/start-localnet.ts';
import { untilStopped } from '../cli/until-stopped.ts';
import { UsageError } from '../cli/usage-error.ts';
import { GatewayNames } from '../gateway/gateway-names.ts';
import { StateDirError } from '../persist/state-dir-error.ts';
import { followCustomDomains } from './custom-domains.ts';
import { LauncherArgsError, parseLauncherArgs, type LauncherArgs } from './launcher-args.ts';
import { writeStatusFile } from './status-file.ts';

/**
 * Stands in for the network launcher of the `icp` command: serves until SIGINT or SIGTERM. Gives
 * the exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  const stopped = untilStopped();
  try {
    await run(parseLauncherArgs(args), stopped);
    return 0;
  } catch (error) {
    const isForUser = [LauncherArgsError, UsageError, StateDirError].some(
      (kind) => error instanceof kind,
    );
    if (!isForUser || !(error instanceof Error)) throw error;
    process.stderr.write(`Error: ${error.message}\n`);
    return 1;
  }
}

async function run(args: LauncherArgs, stopped: Promise<void>): Promise<void> {
  for (const warning of args.warnings) process.stderr.write(`Warning: ${warning}\n`);
  const temporary = args.stateDir === undefined ? temporaryFolder() : undefined;
  const names = new GatewayNames();
  const localnet = await startLocalnet({
    port: args.gatewayPort,
    hostname: args.bind,
    stateDir: args.stateDir ?? temporary ?? '',
    log: args.isVerbose ? 'calls' : 'off',
    names,
  });
  let unfollow: (() => void) | undefined;
  if (args.statusDir !== undefined) {
    writeStatusFile(args.statusDir, localnet);
    unfollow = followCustomDomains(args.statusDir, names);
  }
  process.stderr.write(`localnet running with gateway port ${localnet.port}\n`);
  await stopped;
  unfollow?.();
  await localnet.close();
  if (temporary !== undefined) rmSync(temporary, { recursive: true });
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'localnet-'));
}
