import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { CKUSDC } from '@decent-cloud/localnet/system/tokens.ts';
import { ledgerClient, type LedgerClient } from '@decent-cloud/localnet/testing/ledger-client.ts';
import { openWorld, userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import { OPERATOR, type World } from '@decent-cloud/localnet/testing/world.ts';
import { renterCalled, RentalMaker } from '../../canisters/rental/bench/rental-maker.ts';
import type { _SERVICE as Treasury } from '../../dist/canisters/treasury/declarations/treasury.did.ts';
import { fixedPrice } from './fixed-price.ts';

export const LEDGER = CKUSDC.ledgerId;
export const FEE = CKUSDC.config.transferFee;
export const RENTER = userPrincipal(renterCalled(0));

const TOKEN_VALUE = userPrincipal('token-value');
const ARBITER = userPrincipal('arbiter');
const ARCHIVE = userPrincipal('archive');
const FUNDS = 10n ** 12n;
const RENTALS_PER_RENTER = 100;
const LEAST_RENTERS = 4;
/** Three times what is claimed at once. */
const JOBS = 60;
/** The sets of the search index are read ten seconds after a start. */
const SETTLED_NS = 30_000_000_000n;

export interface Module {
  readonly idlFactory: Parameters<World['actor']>[1];
  readonly wasm: Uint8Array;
}

/** How much there is. */
export interface MarketSize {
  readonly rentals: number;
  readonly offers: number;
}

/** A rental canister with rentals and offers in it. */
export interface FilledMarket extends MarketSize {
  readonly world: World;
  readonly ledger: LedgerClient;
  readonly rentalId: Principal;
  readonly treasuryId: Principal;
  /** Active since four to five hours; their last hour was not reported yet. */
  readonly running: readonly RentalId[];
}

/**
 * A world with the real treasury and a market of that size: active rentals, offers, and jobs that wait
 * to be claimed. Nothing of it is due in the next quarter of an hour, and all catalogues are fresh.
 */
export async function fillMarket(options: {
  readonly size: MarketSize;
  readonly rental: Module;
  readonly treasury: Module;
}): Promise<FilledMarket> {
  const { size, rental } = options;
  const { rentals, offers } = size;
  const balances = [{ account: accountOf(RENTER), amount: FUNDS }];
  const world = openWorld({ tokens: [{ ...CKUSDC, initialBalances: balances }] });
  world.installNative(TOKEN_VALUE, fixedPrice);
  const rentalId = world.install({ wasm: rental.wasm });
  const treasuryId = openTreasury(world, { module: options.treasury, rentalId });
  world.runUntilIdle();
  const maker = new RentalMaker({
    self: rentalId,
    settings: { treasury: treasuryId, archive: ARCHIVE },
    ledger: LEDGER,
    until: timestampNs(world.timeNs),
    offers,
    // Prime to the number of offers, so that each renter has rentals of all kinds.
    renters: Math.max(LEAST_RENTERS, rentals / RENTALS_PER_RENTER) + 1,
  });
  const running = await maker.startRentals(rentals);
  await maker.queueRentals(JOBS);
  const fresh = present(world.replica.canister(rentalId), 'it was installed').stableMemory();
  world.replica.setStableMemory(rentalId, maker.stableMemory(fresh));
  const outcome = world.upgrade({ canisterId: rentalId, wasm: rental.wasm });
  if (outcome.kind === 'reject') throw new Error(outcome.message);
  world.elapse(SETTLED_NS);
  const ledger = ledgerClient(world, LEDGER);
  return { ...size, world, ledger, rentalId, treasuryId, running };
}

function openTreasury(
  world: World,
  { module, rentalId }: { readonly module: Module; readonly rentalId: Principal },
): Principal {
  const treasuryId = world.install({ wasm: module.wasm });
  const owner = world.actor<Treasury>(treasuryId, module.idlFactory, OPERATOR);
  const settings = { rental: rentalId, arbiter: ARBITER, token_value: TOKEN_VALUE };
  const token = { ledger: LEDGER, symbol: 'ckUSDC', decimals: 6, fee: FEE };
  const rest = { min_payout: 100_000n, has_icrc3_blocks: true, is_enabled: true };
  for (const result of [owner.set_settings(settings), owner.set_token({ ...token, ...rest })]) {
    if ('Err' in result) throw new Error(`refused: ${result.Err.message}`);
  }
  return treasuryId;
}
