import { rmSync } from 'node:fs';
import process from 'node:process';
import { secondsText } from './lib/stage.ts';
import { build } from './start/build.ts';
import { deployEverything } from './start/deploy.ts';
import { loadDeployer } from './start/deployer.ts';
import { startDevServers } from './start/dev-servers.ts';
import { requireFreePort } from './start/free-port.ts';
import { startNetwork, type RunningNetwork } from './start/network.ts';
import { HELP, parseOptions, type StartOptions } from './start/options.ts';
import { StartError } from './start/start-error.ts';
import { summaryLines } from './start/summary.ts';

/** Settles at the first Ctrl-C or SIGTERM from now on. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAtMs = Date.now();
  const result = await work();
  process.stdout.write(`✔ ${what} (${secondsText(Date.now() - startedAtMs)})\n`);
  return result;
}

async function run(options: StartOptions): Promise<void> {
  await requireFreePort(options.port);
  await timed('built', build);
  if (options.isClean) rmSync(options.stateDir, { recursive: true, force: true });
  const identity = loadDeployer(options.stateDir);
  const network = await timed('network is up', () =>
    startNetwork(options, identity.getPrincipal()),
  );
  const stopped = untilStopped();
  try {
    await Promise.race([serveUntil(stopped, network, options), stopped]);
  } finally {
    await network.stop();
    process.stdout.write('Stopped.\n');
  }
}

async function serveUntil(
  stopped: Promise<void>,
  network: RunningNetwork,
  options: StartOptions,
): Promise<void> {
  const { stateDir } = options;
  const identity = loadDeployer(stateDir);
  const canisters = await timed('deployed, and everything answered', () =>
    deployEverything({ network, stateDir, identity }),
  );
  process.stdout.write(`${summaryLines(network, canisters).join('\n')}\n`);
  if (options.isOnce) return;
  const devServers = options.isDev ? startDevServers(stateDir) : undefined;
  process.stdout.write('Running. Ctrl-C stops it; the next start continues here.\n');
  await stopped;
  devServers?.stop();
}

const parsed = parseOptions(process.argv.slice(2));
switch (parsed.kind) {
  case 'help':
    process.stdout.write(HELP);
    break;
  case 'invalid':
    process.stderr.write(`${parsed.problem}\n\n${HELP}`);
    process.exitCode = 2;
    break;
  case 'run':
    try {
      await run(parsed.options);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      process.stderr.write(`\n${error.message}\n`);
      process.exitCode = 1;
    }
    break;
}
