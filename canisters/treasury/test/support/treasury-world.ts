import { readFileSync } from 'node:fs';
import type { Principal } from '@dfinity/principal';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { CKUSDC, CKUSDT } from '@decent-cloud/localnet/system/tokens.ts';
import { ledgerClient, type LedgerClient } from '@decent-cloud/localnet/testing/ledger-client.ts';
import {
  openWorld,
  restoreWorld,
  userPrincipal,
  type WorldSnapshot,
} from '@decent-cloud/localnet/testing/replica-world.ts';
import type { SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import { OPERATOR, type World } from '@decent-cloud/localnet/testing/world.ts';
import type {
  _SERVICE as Treasury,
  DepositRequest,
  Escrow,
  Fact,
  RentalTerms,
  Token,
} from '../../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { idlFactory } from '../../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { layoutOf } from '../../../../scripts/canisters/layout.ts';
import { PRICES_PROGRAM, TokenValueStandIn } from './token-value-stand-in.ts';

export const PAYER = userPrincipal('payer');
export const PROVIDER = userPrincipal('provider');
export const AUTHOR = userPrincipal('author');
export const RENTAL = userPrincipal('rental canister');
export const ARBITER = userPrincipal('arbiter');
export const STRANGER = userPrincipal('stranger');
/** The canister's controller. */
export const CONTROLLER = OPERATOR;
const TOKEN_VALUE = userPrincipal('token-value');

export const LEDGER = CKUSDC.ledgerId;
export const OTHER_LEDGER = CKUSDT.ledgerId;
export const FEE = CKUSDC.config.transferFee;
export const MINUTE_NS = 60_000_000_000n;
export const HOUR_NS = 60n * MINUTE_NS;
export const DAY_NS = 24n * HOUR_NS;
/** 30 dollars for 30 days at a dollar for a token of six decimals. */
export const AMOUNT = 30_000_000n;
const FUNDS = 1_000_000_000n;
/** A canister that is no token's ledger. */
export const NO_LEDGER = userPrincipal('no ledger');
export type SlaRow = RentalTerms['sla_credits'][number];
export type { Token };

export const wasm = new Uint8Array(readFileSync(layoutOf('treasury').output.gzippedWasm));

export const terms: RentalTerms = {
  rental_id: 7n,
  draft_hash: new Uint8Array(32).fill(1),
  payer: PAYER,
  ledger: LEDGER,
  total_usd_e8: 3_000_000_000n,
  term_ns: 30n * DAY_NS,
  provider: PROVIDER,
  author: [AUTHOR],
  split: { platform_bps: 300, author_bps: 500 },
  notice_ns: HOUR_NS,
  provision_within_ns: HOUR_NS,
  sla_credits: [{ below_ppm: 990_000, credit_bps: 1_000 }],
  provider_penalty_bps: 2_000,
};

/** The treasury's Wasm with a ledger, users with money, and prices that a test sets. */
export interface TreasuryWorld {
  readonly world: World;
  readonly treasuryId: Principal;
  readonly ledger: LedgerClient;
  readonly prices: TokenValueStandIn;
  readonly as: (who: Principal) => SyncActor<Treasury>;
}

let prepared: { readonly snapshot: WorldSnapshot; readonly treasuryId: Principal } | undefined;

/** A fresh world in which everything is configured; the first call builds it, others copy it. */
export function treasuryWorld(options: { readonly roundMessages?: number } = {}): TreasuryWorld {
  prepared ??= prepare();
  const { snapshot, treasuryId } = prepared;
  const prices = new TokenValueStandIn();
  const { roundMessages } = options;
  const world = restoreWorld(snapshot, {
    programs: (id) => (id === PRICES_PROGRAM ? prices.program : undefined),
    ...(roundMessages === undefined ? {} : { limits: { roundMessages } }),
  });
  const as = (who: Principal) => world.actor<Treasury>(treasuryId, idlFactory, who);
  return { world, treasuryId, ledger: ledgerClient(world, LEDGER), prices, as };
}

function prepare() {
  const balances = [{ account: accountOf(PAYER), amount: FUNDS }];
  const world = openWorld({
    tokens: [
      { ...CKUSDC, initialBalances: balances },
      { ...CKUSDT, initialBalances: balances },
    ],
  });
  const prices = new TokenValueStandIn();
  for (const ledger of [LEDGER, OTHER_LEDGER]) {
    prices.prices.set(ledger.toText(), { kind: 'price', usdE8: 100_000_000n });
  }
  world.installNative(TOKEN_VALUE, prices.program);
  const treasuryId = world.install({ wasm });
  world.runUntilIdle();
  const controller = world.actor<Treasury>(treasuryId, idlFactory, CONTROLLER);
  controller.set_settings({ rental: RENTAL, arbiter: ARBITER, token_value: TOKEN_VALUE });
  const shared = { decimals: 6, fee: FEE, min_payout: 100_000n, has_icrc3_blocks: true };
  controller.set_token({ ...shared, ledger: LEDGER, symbol: 'ckUSDC', is_enabled: true });
  controller.set_token({ ...shared, ledger: OTHER_LEDGER, symbol: 'ckUSDT', is_enabled: true });
  return { snapshot: world.snapshot(), treasuryId };
}

/** The value of an `Ok`; anything else fails the test with the message. */
export function okOf<T>(result: { readonly Ok: T } | { readonly Err: { message: string } }): T {
  if ('Ok' in result) return result.Ok;
  throw new Error(`refused: ${result.Err.message}`);
}

/** A quote of the rental canister's. */
export function quoteFor(
  { as }: TreasuryWorld,
  change: Partial<RentalTerms> = {},
): { readonly id: bigint; readonly amount: bigint; readonly fee: bigint } {
  const { id, amount, ledger_fee: fee } = okOf(as(RENTAL).quote({ ...terms, ...change }));
  return { id, amount, fee };
}

/** Allows the treasury to take an amount and the fee from the payer. */
export function approve({ ledger, treasuryId }: TreasuryWorld, amount: bigint): void {
  const answer = ledger.approve(PAYER, { spender: accountOf(treasuryId), amount });
  if (!('Ok' in answer)) throw new Error('the ledger took no approval');
}

/** What the payer sends to pay a quote. */
export function depositOf(id: bigint, maxAmount = AMOUNT): DepositRequest {
  return { escrow_id: id, max_amount: maxAmount, from_subaccount: [] };
}

/** A quote that is approved and paid; gives the escrow's number. */
export function paidEscrow(treasury: TreasuryWorld, change: Partial<RentalTerms> = {}): bigint {
  const { id, amount, fee } = quoteFor(treasury, change);
  approve(treasury, amount + fee);
  okOf(treasury.as(PAYER).deposit(depositOf(id, amount)));
  return id;
}

/** Reports one fact as the rental canister and expects it to be taken. */
export function report(
  { as }: TreasuryWorld,
  escrowId: bigint,
  seq: bigint,
  fact: Fact['fact'],
): void {
  const [answer] = okOf(as(RENTAL).report_facts([{ escrow_id: escrowId, seq, fact }]));
  if (answer === undefined) throw new Error('a fact has no answer');
  okOf(answer);
}

/** A paid escrow whose rental has just started. */
export function runningEscrow(treasury: TreasuryWorld, change: Partial<RentalTerms> = {}): bigint {
  const id = paidEscrow(treasury, change);
  report(treasury, id, 1n, { Started: { at_ns: treasury.world.timeNs } });
  return id;
}

export function escrowOf({ as }: TreasuryWorld, id: bigint): Escrow {
  return okOf(as(STRANGER).get_escrow(id));
}

/** What the ledger holds for the escrow. */
export function heldOnLedger(treasury: TreasuryWorld, id: bigint): bigint {
  const { owner, subaccount } = escrowOf(treasury, id).account;
  const [bytes] = subaccount;
  if (bytes === undefined) throw new Error('an escrow has its own subaccount');
  return treasury.ledger.balanceOf(accountOf(owner, Uint8Array.from(bytes)));
}

/** Replays the journal of the escrow and checks the invariants of everything. */
export function expectSound({ as }: TreasuryWorld, id: bigint): void {
  const replay = okOf(as(STRANGER).check_escrow(id));
  const invariants = okOf(as(STRANGER).check_invariants(0n, 200));
  const troubles = [...replay.troubles, ...invariants.troubles];
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
  if (replay.checked === 0n || invariants.checked === 0n) throw new Error('nothing was checked');
}
