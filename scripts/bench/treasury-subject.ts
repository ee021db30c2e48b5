import type { Principal } from '@dfinity/principal';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import type { SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import type { World } from '@decent-cloud/localnet/testing/world.ts';
import type {
  _SERVICE as Treasury,
  Fact,
  RentalTerms,
} from '../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { EscrowId } from '../../canisters/treasury/src/core/ids.ts';
import { AUTHOR, FEE, FICKLE_PAYER, LEDGER, PAYER } from './treasury-rentals.ts';
import { PROVIDER, RENTAL, type FilledTreasury } from './treasury-rentals.ts';

const SECOND_NS = 1_000_000_000n;
const TICK_NS = 10n * SECOND_NS;
const MINUTE_NS = 60n * SECOND_NS;
/** Prices are remembered for half a minute; what is measured asks for a new one. */
const PRICE_IS_OLD_NS = 40n * SECOND_NS;
const PAGE = 20;
const CHECKED = 100;
/** Of several, because now and then one splits a node of a tree. */
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const FIRST_RENTAL = 1_000_000;
/** 30 dollars at a dollar for a token of six decimals. */
const AMOUNT = 30_000_000n;

/** Instructions of the treasury alone. */
export interface TreasuryCosts {
  readonly quote: number;
  readonly deposit: number;
  /** The tick that finds a daily release due, the release, and its one payout. */
  readonly payout: number;
  readonly fact: number;
  readonly solvency: number;
  /** All timers of a tick with nothing due. */
  readonly escrowTick: number;
  readonly getEscrow: number;
  /** A page of 20. */
  readonly myPayouts: number;
  readonly upgrade: number;
}

interface Module {
  readonly idlFactory: Parameters<World['actor']>[1];
  readonly wasm: Uint8Array;
}

/** Measures a treasury with rentals in it: later calls of a kind than the first, as most are. */
export class TreasurySubject {
  readonly #filled: FilledTreasury;
  readonly #module: Module;

  constructor(filled: FilledTreasury, module: Module) {
    this.#filled = filled;
    this.#module = module;
  }

  /** Throws if anything is refused, or if the books are not sound afterwards. */
  costs(): TreasuryCosts {
    const { world } = this.#filled;
    world.elapse(MINUTE_NS);
    const escrowTick = this.#cost(() => {
      world.elapse(TICK_NS);
    });
    const reads = this.#reads();
    this.#rent(0);
    const rented = NUMBERS.map((number) => this.#rent(number));
    const quote = mean(rented.map((one) => one.quote));
    const deposit = mean(rented.map((one) => one.deposit));
    const started = mean(rented.map((one) => one.started));
    const outage = mean(this.#filled.runningIds.map((id) => this.#outage(id)));
    const fact = Math.max(started, outage);
    const [, payout = 0] = this.#filled.releasesAtNs.map((dueNs) => this.#payout(dueNs));
    this.#check();
    return { quote, deposit, fact, payout, ...reads, escrowTick, upgrade: this.#upgrade() };
  }

  #reads() {
    const anybody = this.#as(AUTHOR);
    const escrowId = BigInt(this.#filled.runningIds[0] ?? 0);
    const page = { from: [] as [], limit: PAGE, newest_first: true };
    return {
      solvency: this.#cost(() => okOf(anybody.solvency(LEDGER))),
      getEscrow: this.#cost(() => okOf(anybody.get_escrow(escrowId))),
      myPayouts: this.#cost(() => {
        const { rows } = okOf(this.#as(FICKLE_PAYER).my_payouts(page));
        if (rows.length !== PAGE) throw new Error(`the page has ${rows.length} rows`);
      }),
    };
  }

  /** A quote, its deposit and the start of its rental. */
  #rent(number: number): Readonly<Record<'quote' | 'deposit' | 'started', number>> {
    const { world, ledger, treasuryId } = this.#filled;
    world.elapse(PRICE_IS_OLD_NS);
    let id = 0n;
    const quote = this.#cost(() => {
      ({ id } = okOf(this.#as(RENTAL).quote(termsOf(number))));
    });
    ledger.approve(PAYER, { spender: accountOf(treasuryId), amount: AMOUNT + FEE });
    world.elapse(PRICE_IS_OLD_NS);
    const payment = { escrow_id: id, max_amount: AMOUNT, from_subaccount: [] as [] };
    const deposit = this.#cost(() => okOf(this.#as(PAYER).deposit(payment)));
    const fact = { Started: { at_ns: world.timeNs } };
    return { quote, deposit, started: this.#report({ escrow_id: id, seq: 1n, fact }) };
  }

  /** Of a rental that nobody asked about before: its rows are read from stable memory. */
  #outage(id: EscrowId): number {
    const { timeNs } = this.#filled.world;
    const fact = { Outage: { from_ns: timeNs - MINUTE_NS, to_ns: timeNs } };
    return this.#report({ escrow_id: BigInt(id), seq: 2n, fact });
  }

  #report(fact: Fact): number {
    return this.#cost(() => {
      const [receipt] = okOf(this.#as(RENTAL).report_facts([fact]));
      if (receipt === undefined || okOf(receipt).is_duplicate) throw new Error('that is no news');
    });
  }

  #payout(dueNs: bigint): number {
    const { world, ledger } = this.#filled;
    world.elapse(dueNs - TICK_NS / 2n - world.timeNs);
    const before = ledger.balanceOf(accountOf(PROVIDER));
    const cost = this.#cost(() => {
      world.elapse(TICK_NS);
    });
    if (ledger.balanceOf(accountOf(PROVIDER)) <= before) throw new Error('nothing was paid');
    return cost;
  }

  #upgrade(): number {
    const { world, treasuryId: canisterId } = this.#filled;
    return this.#cost(() => {
      const outcome = world.upgrade({ canisterId, wasm: this.#module.wasm });
      if (outcome.kind === 'reject') throw new Error(outcome.message);
    });
  }

  /** What was made is what the treasury itself would have made: journals replay, sums add up. */
  #check(): void {
    const anybody = this.#as(AUTHOR);
    const { count, runningIds, releasedIds } = this.#filled;
    const ids = [...runningIds, ...releasedIds];
    const replays = ids.map((id) => okOf(anybody.check_escrow(BigInt(id))));
    const invariants = okOf(anybody.check_invariants(0n, CHECKED));
    const troubles = [...replays, invariants].flatMap((report) => report.troubles);
    if (troubles.length > 0) throw new Error(troubles.join('\n'));
    const { difference, open_escrow_count: open } = okOf(anybody.solvency(LEDGER));
    if (difference !== 0n) throw new Error('the sums do not add up');
    if (open < BigInt(count)) throw new Error(`only ${open.toString()} escrows are open`);
  }

  #as(who: Principal): SyncActor<Treasury> {
    const { world, treasuryId } = this.#filled;
    return world.actor<Treasury>(treasuryId, this.#module.idlFactory, who);
  }

  #cost(run: () => unknown): number {
    const { world, treasuryId } = this.#filled;
    const { byCanister } = world.measure(run);
    return Number(byCanister.get(treasuryId.toText()) ?? 0n);
  }
}

function termsOf(number: number): RentalTerms {
  return {
    rental_id: BigInt(FIRST_RENTAL + number),
    draft_hash: new Uint8Array(32).fill(1),
    payer: PAYER,
    ledger: LEDGER,
    total_usd_e8: 3_000_000_000n,
    term_ns: 30n * 24n * 60n * MINUTE_NS,
    provider: PROVIDER,
    author: [AUTHOR],
    split: { platform_bps: 300, author_bps: 500 },
    notice_ns: 60n * MINUTE_NS,
    provision_within_ns: 60n * MINUTE_NS,
    sla_credits: [{ below_ppm: 990_000, credit_bps: 1_000 }],
    provider_penalty_bps: 2_000,
  };
}

function okOf<T>(result: { readonly Ok: T } | { readonly Err: { message: string } }): T {
  if ('Ok' in result) return result.Ok;
  throw new Error(`refused: ${result.Err.message}`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
