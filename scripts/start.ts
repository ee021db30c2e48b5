import process from 'node:process';
import { untilStopped } from '@decent-cloud/localnet/cli/until-stopped.ts';
import { UsageError } from '@decent-cloud/localnet/cli/usage-error.ts';
import { StateDirError } from '@decent-cloud/localnet/persist/state-dir-error.ts';
import { secondsText } from './lib/stage.ts';
import { build } from './start/build.ts';
import { loadDeployer } from './start/deployer.ts';
import { startDevServers } from './start/dev-servers.ts';
import { requireFreePort } from './start/free-port.ts';
import { startNetwork, type RunningNetwork } from './start/network.ts';
import { HELP, parseOptions, type StartOptions } from './start/options.ts';
import { StartError } from './start/start-error.ts';
import { summaryLines } from './start/summary.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAtMs = Date.now();
  const result = await work();
  process.stdout.write(`✔ ${what} (${secondsText(Date.now() - startedAtMs)})\n`);
  return result;
}

async function run(options: StartOptions): Promise<void> {
  await requireFreePort(options.port);
  await timed('built', build);
  // Only now: it imports declarations that the build has just written.
  const { deployEverything } = await import('./start/deploy.ts');
  const stopped = untilStopped();
  const identity = loadDeployer(options.stateDir);
  const owner = identity.getPrincipal();
  const network = await timed('network is up', () => startNetwork(options, owner));
  try {
    const deployed = timed('deployed, and everything answered', () =>
      deployEverything({ network, identity, stateDir: options.stateDir }),
    );
    const canisters = await Promise.race([deployed, stopped]);
    if (canisters === undefined) return;
    process.stdout.write(`${summaryLines(network, canisters).join('\n')}\n`);
    if (!options.isOnce) await stayUp(network, options, stopped);
  } finally {
    await network.close();
    process.stdout.write('Stopped.\n');
  }
}

async function stayUp(
  network: RunningNetwork,
  options: StartOptions,
  stopped: Promise<void>,
): Promise<void> {
  const devServers = options.isDev ? startDevServers(options.stateDir) : undefined;
  process.stdout.write('Running. Ctrl-C stops it; the next start continues here.\n\n');
  network.showCalls();
  await stopped;
  devServers?.stop();
}

/** Errors that tell the user what to do; any other is a fault of ours and keeps its stack. */
function isForUser(error: unknown): error is Error {
  return [StartError, UsageError, StateDirError].some((kind) => error instanceof kind);
}

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (parsed.kind === 'invalid') {
    process.stderr.write(`${parsed.problem}\n\n${HELP}`);
    return EXIT_USAGE;
  }
  try {
    await run(parsed.options);
    return 0;
  } catch (error) {
    if (!isForUser(error)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    return EXIT_FAILED;
  }
}

process.exit(await main(process.argv.slice(2)));
