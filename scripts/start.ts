import process from 'node:process';
import { untilStopped } from '@decent-cloud/localnet/cli/until-stopped.ts';
import { UsageError } from '@decent-cloud/localnet/cli/usage-error.ts';
import { StateDirError } from '@decent-cloud/localnet/persist/state-dir-error.ts';
import { BUBBLEWRAP_HELP, ensureBubblewrap } from './lib/bubblewrap.ts';
import { secondsText } from './lib/stage.ts';
import { build } from './start/build.ts';
import { deploymentOf } from './start/deployment-of.ts';
import { loadDeployer } from './start/deployer.ts';
import { startDevServers } from './start/dev-servers.ts';
import { forgetLocalCloud } from './start/forget-local-cloud.ts';
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
  // Only now: they import declarations that the build has just written.
  const { deployEverything } = await import('./start/deploy.ts');
  const { loadAgent } = await import('./start/demo/start-bridges.ts');
  const { startMarket } = await import('./start/demo/start-market.ts');
  const stopped = untilStopped();
  if (options.cloud.kind === 'local' && !ensureBubblewrap()) print(`\n${BUBBLEWRAP_HELP}\n`);
  const { stateDir, cloud: choice } = options;
  if (options.isClean) forgetLocalCloud(stateDir);
  const identity = loadDeployer(stateDir);
  const network = await timed('network is up', () =>
    startNetwork(options, identity.getPrincipal()),
  );
  let lastWords = '';
  const closing: (() => Promise<void>)[] = [() => network.close()];
  const unlessStopped = <T>(what: string, work: () => Promise<T>): Promise<T | undefined> =>
    Promise.race([timed(what, work), stopped.then(() => undefined)]);
  try {
    const agent = await loadAgent(stateDir);
    const canisters = await unlessStopped('deployed, and everything answered', () =>
      deployEverything({ network, identity, stateDir, agent: agent.principal }),
    );
    if (canisters === undefined) return;
    const deployment = deploymentOf(canisters);
    const market = await timed('cloud and bridges are up', () =>
      startMarket({ network, deployment, stateDir, agent, choice, print }),
    );
    closing.unshift(() => market.close());
    const opened = await unlessStopped('market is open', () => market.open().then(() => true));
    if (opened === undefined) return;
    print(summaryLines(network, canisters, market.bridgeUrls).join('\n'));
    const figures = await unlessStopped('one rental is proven', () =>
      // Nobody would be there to delete a server that costs money.
      market.rentOnce({ isToEnd: options.isOnce && choice.kind === 'hetzner' }),
    );
    if (figures === undefined) return;
    lastWords = JSON.stringify(figures);
    if (!options.isOnce) await stayUp(network, options, stopped);
  } finally {
    for (const close of closing) await close();
    print('Stopped.');
    if (options.isOnce && lastWords !== '') print(lastWords);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function stayUp(
  network: RunningNetwork,
  options: StartOptions,
  stopped: Promise<void>,
): Promise<void> {
  const devServers = options.isDev ? startDevServers(options.stateDir) : undefined;
  print('Running. Ctrl-C stops it; the next start continues here.\n');
  network.showCalls();
  await stopped;
  devServers?.stop();
}

/** Errors that tell the user what to do; any other is a fault of ours and keeps its stack. */
function isForUser(error: unknown): error is Error {
  return [StartError, UsageError, StateDirError].some((kind) => error instanceof kind);
}

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args, process.env);
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
