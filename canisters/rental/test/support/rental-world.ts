import { Principal } from '@dfinity/principal';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { ICP_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import { ledgerClient, type LedgerClient } from '@decent-cloud/localnet/testing/ledger-client.ts';
import {
  restoreWorld,
  userPrincipal,
  type RestoreOptions,
  type WorldSnapshot,
} from '@decent-cloud/localnet/testing/replica-world.ts';
import type { SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import { OPERATOR, type World } from '@decent-cloud/localnet/testing/world.ts';
import type { _SERVICE as Archive } from '../../../../dist/canisters/archive/declarations/archive.did.ts';
import { idlFactory as archiveIdl } from '../../../../dist/canisters/archive/declarations/archive.did.ts';
import type { _SERVICE as Rental } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory as rentalIdl } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import type {
  _SERVICE as Treasury,
  Escrow,
} from '../../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { idlFactory as treasuryIdl } from '../../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { PriceCanister, wasmOf } from '../../../token-value/test/support/price-canister.ts';
import { okOf } from './ok-of.ts';
import { ARBITER, AUTHOR, BRIDGE, catalogueOf, openMarket, RENTER, SELLER } from './market.ts';

export const LEDGER = ICP_LEDGER_ID;
export const FEE_E8S = 10_000n;
export const FUNDS_E8S = 1_000_000_000_000n;
export const SECOND_NS = 1_000_000_000n;
export const MINUTE_NS = 60n * SECOND_NS;
export const HOUR_NS = 60n * MINUTE_NS;
export const DAY_NS = 24n * HOUR_NS;
export const OPERATOR_ID = OPERATOR;
/** Holds what nobody has yet. */
const FAUCET = Principal.anonymous();
export const STRANGER = userPrincipal('stranger');

/** Numbers of what the market is opened with. */
export interface OpenMarket {
  readonly cloudAccountId: bigint;
  readonly recipeId: bigint;
  /** A machine with the recipe, 30 dollars a month. */
  readonly offeringId: bigint;
  /** A bare machine in two places, 10 dollars a month. */
  readonly bareOfferingId: bigint;
}

export interface CanisterIds {
  readonly rentalId: Principal;
  readonly treasuryId: Principal;
  readonly archiveId: Principal;
  readonly tokenValueId: Principal;
}

/**
 * The real Wasm of all canisters on one network, with the ICP ledger and the price stand-ins: a seller
 * with a cloud account and two offers, an author's recipe, a renter with money, an agent.
 */
export interface RentalWorld extends CanisterIds {
  readonly world: World;
  readonly market: OpenMarket;
  readonly ledger: LedgerClient;
  readonly as: (who: Principal) => SyncActor<Rental>;
  readonly treasury: (who: Principal) => SyncActor<Treasury>;
  readonly archive: (who: Principal) => SyncActor<Archive>;
  readonly escrow: (escrowId: bigint) => Escrow;
  readonly balance: (who: Principal) => bigint;
  /** Stocks are read anew; offers can be rented for another 15 minutes. */
  readonly readCatalogue: () => void;
  /** Replaces the code of the rental canister by itself, as an operator would. */
  readonly upgradeRental: () => void;
}

interface Prepared extends CanisterIds {
  readonly snapshot: WorldSnapshot;
  readonly market: OpenMarket;
}

let prepared: Prepared | undefined;

/** A fresh world; the first call builds it, others copy it. */
export function rentalWorld(options: RestoreOptions = {}): RentalWorld {
  prepared ??= prepare();
  const { snapshot, market, ...ids } = prepared;
  const world = restoreWorld(snapshot, options);
  return { ...ids, market, ...clientsOf(world, ids, market.cloudAccountId) };
}

/** Makes worlds of their own that go on where `from` stands now. */
export function copiesOf(from: RentalWorld): (options?: RestoreOptions) => RentalWorld {
  const { market, rentalId, treasuryId, archiveId, tokenValueId } = from;
  const ids = { rentalId, treasuryId, archiveId, tokenValueId };
  const snapshot = from.world.snapshot();
  return (options = {}) => {
    const world = restoreWorld(snapshot, options);
    return { ...ids, market, ...clientsOf(world, ids, market.cloudAccountId) };
  };
}

function clientsOf(world: World, ids: CanisterIds, cloudAccountId: bigint) {
  const { rentalId, treasuryId, archiveId } = ids;
  const as = (who: Principal) => world.actor<Rental>(rentalId, rentalIdl, who);
  const treasury = (who: Principal) => world.actor<Treasury>(treasuryId, treasuryIdl, who);
  const ledger = ledgerClient(world, LEDGER);
  return {
    world,
    ledger,
    as,
    treasury,
    archive: (who: Principal) => world.actor<Archive>(archiveId, archiveIdl, who),
    escrow: (escrowId: bigint) => okOf(treasury(STRANGER).get_escrow(escrowId)),
    balance: (who: Principal) => ledger.balanceOf(accountOf(who)),
    readCatalogue: () => {
      okOf(as(BRIDGE).publish_catalogue(catalogueOf(cloudAccountId, world.timeNs)));
    },
    upgradeRental: () => {
      world.complete(world.stop(rentalId));
      const outcome = world.upgrade({ canisterId: rentalId, wasm: wasmOf('rental') });
      if (outcome.kind === 'reject') throw new Error(outcome.message);
      world.start(rentalId);
      world.runUntilIdle();
    },
  };
}

function prepare(): Prepared {
  const prices = PriceCanister.ready();
  const { world } = prices;
  const install = (name: string) => world.install({ wasm: wasmOf(name) });
  const ids: CanisterIds = {
    rentalId: install('rental'),
    treasuryId: install('treasury'),
    archiveId: install('archive'),
    tokenValueId: prices.id,
  };
  world.runUntilIdle();
  configure(world, ids);
  const rental = (who: Principal) => world.actor<Rental>(ids.rentalId, rentalIdl, who);
  const market = openMarket(rental, world.timeNs);
  world.runUntilIdle();
  return { ...ids, market, snapshot: world.snapshot() };
}

function configure(world: World, ids: CanisterIds): void {
  const { rentalId, treasuryId, archiveId, tokenValueId } = ids;
  const treasury = world.actor<Treasury>(treasuryId, treasuryIdl, OPERATOR);
  okOf(treasury.set_settings({ rental: rentalId, arbiter: ARBITER, token_value: tokenValueId }));
  const token = { ledger: LEDGER, symbol: 'ICP', decimals: 8, fee: FEE_E8S };
  const rest = { min_payout: 200_000n, has_icrc3_blocks: false, is_enabled: true };
  okOf(treasury.set_token({ ...token, ...rest }));
  const rental = world.actor<Rental>(rentalId, rentalIdl, OPERATOR);
  okOf(
    rental.set_settings({
      treasury: treasuryId,
      archive: archiveId,
      installation: 'test',
      platform_agents: [BRIDGE],
      retention_ns: 30n * DAY_NS,
    }),
  );
  okOf(world.actor<Archive>(archiveId, archiveIdl, OPERATOR).set_writer(rentalId, true));
  const ledger = ledgerClient(world, LEDGER);
  for (const who of [RENTER, SELLER, AUTHOR]) {
    ledger.transfer(FAUCET, { to: accountOf(who), amount: FUNDS_E8S });
  }
}
