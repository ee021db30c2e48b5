import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { CKUSDC } from '@decent-cloud/localnet/system/tokens.ts';
import { ledgerClient, type LedgerClient } from '@decent-cloud/localnet/testing/ledger-client.ts';
import { openWorld, userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import { OPERATOR, type World } from '@decent-cloud/localnet/testing/world.ts';
import { at, person, RentalMaker } from '../../canisters/treasury/bench/rental-maker.ts';
import { escrowAccount } from '../../canisters/treasury/src/core/accounts.ts';
import type { EscrowId } from '../../canisters/treasury/src/core/ids.ts';
import { fixedPrice } from './fixed-price.ts';

export const RENTAL = userPrincipal('rental canister');
export const PAYER = userPrincipal('payer');
export const AUTHOR = userPrincipal('author');
/** Gets the daily payouts that are measured. */
export const PROVIDER = userPrincipal('provider');
/** Cancels every fifth rental, so that its list of payouts is long. */
export const FICKLE_PAYER = userPrincipal('fickle payer');
export const LEDGER = CKUSDC.ledgerId;
export const FEE = CKUSDC.config.transferFee;

const TOKEN_VALUE = userPrincipal('token-value');
const ARBITER = userPrincipal('arbiter');
const FUNDS = 10n ** 12n;
const CANCELLED_EVERY = 5;
const PROVIDERS = 500;
const RUNNING_WANTED = 8;

const MINUTE_NS = durationNs({ minutes: 1 });
const HOUR_NS = durationNs({ hours: 1 });
const DAY_NS = durationNs({ days: 1 });
const RELEASED_AFTER_DAYS = 3n;

/** A treasury with rentals in it. */
export interface FilledTreasury {
  readonly count: number;
  readonly world: World;
  readonly ledger: LedgerClient;
  readonly treasuryId: Principal;
  /** Running; their first daily release is due at these times. */
  readonly releasesAtNs: readonly bigint[];
  readonly releasedIds: readonly EscrowId[];
  /** Some running ones from early to late. */
  readonly runningIds: readonly EscrowId[];
}

/**
 * A world with `count` rentals that were paid and started within the last two hours, so that nothing
 * of them is due while others are measured, and two more that are due at `releasesAtNs`. The ledger
 * knows of the latter only.
 */
export async function fillTreasury(options: {
  readonly count: number;
  readonly wasm: Uint8Array;
}): Promise<FilledTreasury> {
  const balances = [{ account: accountOf(PAYER), amount: FUNDS }];
  const world = openWorld({ tokens: [{ ...CKUSDC, initialBalances: balances }] });
  world.installNative(TOKEN_VALUE, fixedPrice);
  const treasuryId = world.install({ wasm: options.wasm });
  const ledger = ledgerClient(world, LEDGER);
  const maker = makerFor(treasuryId);
  const releasesAtNs = [30n, 32n].map((minutes) => world.timeNs + minutes * MINUTE_NS);
  const releasedIds: EscrowId[] = [];
  for (const dueNs of releasesAtNs) {
    const id = await startedBefore(maker, { dueNs, nowNs: world.timeNs });
    const order = { to: accountOf(treasuryId, accountBytes(treasuryId, id)), amount: FUNDS / 10n };
    ledger.transfer(PAYER, order);
    releasedIds.push(id);
  }
  const fromNs = world.timeNs - 2n * HOUR_NS;
  const runningIds = await makeRentals(maker, { count: options.count, fromNs });
  const empty = world.replica.canister(treasuryId)?.stableMemory() ?? new Uint8Array(0);
  world.replica.setStableMemory(treasuryId, maker.stableMemory(empty));
  const outcome = world.upgrade({ canisterId: treasuryId, wasm: options.wasm });
  if (outcome.kind === 'reject') throw new Error(outcome.message);
  world.runUntilIdle();
  return { count: options.count, world, ledger, treasuryId, releasesAtNs, releasedIds, runningIds };
}

function makerFor(self: Principal): RentalMaker {
  return new RentalMaker({
    self,
    controller: OPERATOR,
    settings: { rental: RENTAL, arbiter: ARBITER, tokenValue: TOKEN_VALUE },
    token: {
      ledger: LEDGER,
      symbol: 'ckUSDC',
      decimals: 6,
      fee: FEE as TokenUnits,
      minPayout: 100_000n as TokenUnits,
      hasIcrc3Blocks: true,
      isEnabled: true,
    },
  });
}

/** A rental whose first release is due then; it was audited an hour ago. */
async function startedBefore(
  maker: RentalMaker,
  when: { readonly dueNs: bigint; readonly nowNs: bigint },
): Promise<EscrowId> {
  // It starts two minutes after the quote.
  const quotedAt = at(when.dueNs - RELEASED_AFTER_DAYS * DAY_NS, -2n * MINUTE_NS);
  const parties = { payer: PAYER, provider: PROVIDER, author: undefined };
  const id = await maker.start({ ...parties, quotedAt });
  maker.audit(id, at(when.nowNs, 0n - HOUR_NS));
  return id;
}

async function makeRentals(
  maker: RentalMaker,
  { count, fromNs }: { readonly count: number; readonly fromNs: bigint },
): Promise<readonly EscrowId[]> {
  const running: EscrowId[] = [];
  for (let made = 0; made < count; made += 1) {
    const isCancelled = made % CANCELLED_EVERY === 0;
    const id = await maker.start({
      payer: isCancelled ? FICKLE_PAYER : person(made),
      provider: person(made % PROVIDERS),
      author: AUTHOR,
      quotedAt: at(fromNs, (HOUR_NS * BigInt(made)) / BigInt(count)),
    });
    if (isCancelled) await maker.cancel(id);
    else running.push(id);
  }
  const apart = Math.floor(running.length / RUNNING_WANTED);
  return running.filter((_id, index) => index % apart === 0).slice(0, RUNNING_WANTED);
}

function accountBytes(self: Principal, id: EscrowId): Uint8Array {
  const { subaccount } = escrowAccount(self, id);
  if (subaccount === undefined) throw new Error('an escrow has its own subaccount');
  return subaccount;
}
