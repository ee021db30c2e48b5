import { Ed25519KeyIdentity } from '@dfinity/identity';
import { restoreReplica } from '@decent-cloud/localnet/core/create-replica.ts';
import { serve, type RunningServer } from '@decent-cloud/localnet/http/serve.ts';
import { createNode, type LocalnetNode } from '@decent-cloud/localnet/localnet-node.ts';
import { emptySystemProgram } from '@decent-cloud/localnet/system/program-registry.ts';
import { ledgerClient } from '@decent-cloud/localnet/testing/ledger-client.ts';
import { World } from '@decent-cloud/localnet/testing/world.ts';
import type { Principal } from '@dfinity/principal';
import {
  idlFactory,
  type _SERVICE as Rental,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { ageRecipientOf, ageSealed } from '../../../canisters/rental/src/testing/accounts.fake.ts';
import { SELLER } from '../../../canisters/rental/test/support/market.ts';
import { okOf } from '../../../canisters/rental/test/support/ok-of.ts';
import {
  DAY_NS,
  LEDGER,
  rentalWorld,
  type RentalWorld,
} from '../../../canisters/rental/test/support/rental-world.ts';
import { createRentalClient, type RentalClient } from '../../src/canister/rental.canister.ts';
import type { CloudAccountId } from '../../src/core/ids.ts';
import { systemClock } from '../../src/observe/system-clock.ts';
import { CountingMetrics } from '../../src/testing/quiet.fake.ts';

const SEED_BYTES = 32;
const NS_PER_MS = 1_000_000n;
/** The machine's true time, whatever a test makes of `Date`. */
const trueNow = Date.now.bind(Date);

/** The agent that works the market's cloud account here. */
export const AGENT = Ed25519KeyIdentity.generate(new Uint8Array(SEED_BYTES).fill(7));

/**
 * The market with the real Wasm behind the Internet Computer's HTTP interface. Its time goes as the
 * machine's does, and is days away from it. People act directly (`r`), the bridge over HTTP.
 */
export interface BridgeNetwork {
  readonly r: RentalWorld;
  readonly node: LocalnetNode;
  readonly accountId: CloudAccountId;
  readonly metrics: CountingMetrics;
  url(): string;
  /** The canister as the agent sees it over HTTP. */
  client(change?: { readonly fetch?: typeof fetch; readonly host?: string }): RentalClient;
  /** Does something as a person, and lets whoever waits at the door hear of it. */
  act<T>(what: (r: RentalWorld) => T): T;
  close(): Promise<void>;
}

/** A network of its own; its account is worked by `AGENT`. */
export async function bridgeNetwork(): Promise<BridgeNetwork> {
  const prepared = preparedWorld();
  const node = nodeOf(prepared);
  const r = worldAt(prepared, node);
  node.host.start();
  const server: RunningServer = await serve({ app: node.api, port: 0 });
  const metrics = new CountingMetrics();
  return {
    r,
    node,
    accountId: Number(r.market.cloudAccountId) as CloudAccountId,
    metrics,
    url: () => server.url,
    client: (change = {}) =>
      createRentalClient({
        host: server.url,
        canisterId: r.rentalId.toText(),
        identity: AGENT,
        rootKey: node.keys.rootKeyDer,
        clock: systemClock,
        metrics,
        ...change,
      }),
    act: (what) => {
      const result = what(r);
      node.host.tick(node.replica.timeNs());
      return result;
    },
    close: async () => {
      node.host.stop();
      await server.close();
    },
  };
}

/** The seller's account is handed over to the agent that has a real key. */
function preparedWorld(): RentalWorld {
  const r = rentalWorld();
  const agent = AGENT.getPrincipal();
  const scopes = [{ Provision: null }, { Health: null }, { Catalogue: null }];
  const seller = r.as(SELLER);
  const expires_at_ns = r.world.timeNs + 300n * DAY_NS;
  okOf(seller.grant_agent({ agent, label: 'bridge', scopes, expires_at_ns }));
  okOf(r.as(agent).agent_heartbeat({ age_recipient: ageRecipientOf('bridge'), version: '1.0.0' }));
  const sealed_credentials = ageSealed('token');
  const id = r.market.cloudAccountId;
  okOf(seller.replace_cloud_credentials({ id, agent, sealed_credentials }));
  r.world.runUntilIdle();
  return r;
}

function nodeOf(prepared: RentalWorld): LocalnetNode {
  const snapshot = prepared.world.snapshot();
  // Goes on where the market was prepared: there prices are fresh.
  const behindNs = BigInt(trueNow()) * NS_PER_MS - prepared.world.timeNs;
  return createNode({
    seed: new Uint8Array(SEED_BYTES).fill(9),
    nowNs: () => BigInt(trueNow()) * NS_PER_MS - behindNs,
    limits: snapshot.limits,
    makeReplica: (options) => restoreReplica(options, snapshot.state, emptySystemProgram),
  });
}

function worldAt(prepared: RentalWorld, node: LocalnetNode): RentalWorld {
  const { nextMessage, seed, limits } = prepared.world.snapshot();
  const world = new World({ replica: node.replica, nextMessage, seed, limits });
  const as = (who: Principal) => world.actor<Rental>(prepared.rentalId, idlFactory, who);
  return { ...prepared, world, as, ledger: ledgerClient(world, LEDGER) };
}
