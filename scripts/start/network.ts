import { Principal } from '@dfinity/principal';
import { startLocalnet } from '@decent-cloud/localnet/cli/start-localnet.ts';
import { GatewayNames } from '@decent-cloud/localnet/gateway/gateway-names.ts';
import { letTimePass } from '@decent-cloud/localnet/host/let-time-pass.ts';
import { assetCanisterProgram } from '@decent-cloud/localnet/system/assets/asset-canister.ts';
import type { StartOptions } from './options.ts';
import { StartError } from './start-error.ts';

/** The page's canister is there from the beginning, so its address is the same on every network. */
const PAGE_ID = Principal.fromText('bd3sg-teaaa-aaaaa-qaaba-cai');
const PAGE_CYCLES = 100_000_000_000_000n;

/** Sources have to be sampled six times, five minutes apart, before there is a price. */
const BEHIND_NS = 31n * 60n * 1_000_000_000n;

function wallClockNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

export interface RunningNetwork {
  readonly url: string;
  readonly rootKeyHex: string;
  /** Origin of the page that stands in for Internet Identity. */
  readonly identityProvider: string;
  readonly pageId: Principal;
  /** Whether the network was there before this start. */
  readonly isRestored: boolean;
  /** Names under which canisters have pages at `http://<name>.localhost:<port>/`. */
  readonly names: GatewayNames;
  /**
   * Lets time pass at once, with all that timers do in it, until the network's clock shows what the
   * wall clock shows: it begins half an hour behind, so that prices have a past to be made of.
   */
  catchUp(): Promise<void>;
  /** From here on calls are printed as they are executed. */
  showCalls(): void;
  close(): Promise<void>;
}

/** Starts localnet in this process, with an asset canister that `owner` may upload to. */
export async function startNetwork(
  options: StartOptions,
  owner: Principal,
): Promise<RunningNetwork> {
  const names = new GatewayNames();
  let isShowingCalls = false;
  const localnet = await startLocalnet({
    port: options.port,
    stateDir: options.stateDir,
    clean: options.isClean,
    names,
    log: 'calls',
    nowNs: () => wallClockNs() - BEHIND_NS,
    write: (line) => {
      if (isShowingCalls) process.stdout.write(line);
    },
    genesis: (replica) => {
      replica.installNative(PAGE_ID, assetCanisterProgram({ commit: [owner] }), PAGE_CYCLES);
    },
  });
  if (localnet.node.replica.canister(PAGE_ID) === undefined) {
    await localnet.close();
    throw new StartError(
      `The network in ${options.stateDir} was not begun by npm start.\n` +
        'Choose another folder with --state-dir, or begin anew with --clean.',
    );
  }
  return {
    url: localnet.url,
    rootKeyHex: localnet.rootKeyHex,
    identityProvider: localnet.identityProvider,
    pageId: PAGE_ID,
    isRestored: localnet.isRestored,
    names,
    catchUp: async () => {
      const { host } = localnet.node;
      const behindNs = wallClockNs() - host.refreshTimeNs();
      if (behindNs > 0n) await letTimePass(host, behindNs);
    },
    showCalls: () => {
      isShowingCalls = true;
    },
    close: () => localnet.close(),
  };
}
