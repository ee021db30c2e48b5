import type { Principal } from '@dfinity/principal';
import type { PendingCall } from '@decent-cloud/localnet/testing/pending-call.ts';
import { SeededRandom } from '../../canisters/treasury/src/testing/seeded-random.fake.ts';
import type {
  DepositReceipt,
  Escrow,
  Quote,
  RentalTerms,
  ServiceError,
} from '../../dist/canisters/treasury/declarations/treasury.did.ts';
import { nothingKnown, note, type Knowledge } from './judge/knowledge.ts';
import { STRANGER } from './world/cast.ts';
import { expectOk, type MoneyWorld, type TokenLedger } from './world/money-world.ts';

type Answer<T> = { readonly Ok: T } | { readonly Err: ServiceError };

/** A rental as the rental canister has it in mind; the treasury knows its paid periods only. */
export interface SimRental {
  readonly terms: RentalTerms;
  quotesAsked: number;
  /** The newest quote that was answered. */
  quoteId: bigint | undefined;
}

export interface QuoteUnderWay {
  readonly rental: SimRental;
  readonly call: PendingCall<Answer<Quote>>;
}

export interface DepositUnderWay {
  readonly escrowId: bigint;
  readonly call: PendingCall<Answer<DepositReceipt>>;
}

const SECOND_NS = 1_000_000_000n;

/** One run: a world, what is known about it, and the only source of chance. */
export class Sim {
  readonly net: MoneyWorld;
  readonly random: SeededRandom;
  readonly known: Knowledge = nothingKnown();
  readonly rentals: SimRental[] = [];
  readonly quotes = new Set<QuoteUnderWay>();
  readonly deposits = new Set<DepositUnderWay>();
  /** What was seen on the way and must not be. */
  readonly troubles: string[] = [];
  /** How often what happened, for the one who asks whether the runs meet anything. */
  readonly counts = new Map<string, number>();
  /** A stop that waits for open calls, or has come. */
  stop: PendingCall<void> | undefined;
  /** An upgrade threw calls away that are never answered: the canister can never be stopped again. */
  hasLostCalls = false;
  /** Transfers that had to be resolved with what the ledger proves. */
  readonly parked = new Set<bigint>();
  readonly #tell: ((line: string) => void) | undefined;
  readonly #startNs: bigint;
  /** Nothing about them changes any more; the verdict looks at them anew. */
  readonly #over = new Map<bigint, Escrow>();

  constructor(parts: {
    readonly seed: number;
    readonly net: MoneyWorld;
    readonly tell: ((line: string) => void) | undefined;
  }) {
    this.net = parts.net;
    this.random = new SeededRandom(Math.imul(parts.seed, 0x9e3779b1) ^ parts.seed);
    this.#tell = parts.tell;
    this.#startNs = parts.net.world.timeNs;
    for (const { ledgerId, usdE8, fee } of parts.net.tokens) {
      note(this.known.prices, ledgerId.toText(), usdE8);
      note(this.known.fees, ledgerId.toText(), fee);
    }
  }

  get now(): bigint {
    return this.net.world.timeNs;
  }

  /** A line of the timeline. */
  say(text: string): void {
    if (this.#tell === undefined) return;
    const seconds = (this.now - this.#startNs) / SECOND_NS;
    const clock = `${seconds / 86_400n}d ${((seconds % 86_400n) / 3_600n).toString()}h`;
    this.#tell(`${clock} +${seconds.toString()}s ${text}`);
  }

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  wrong(text: string): void {
    this.say(`WRONG: ${text}`);
    this.troubles.push(text);
  }

  /** From 0 to below the limit. */
  big(limit: bigint): bigint {
    return (BigInt(this.random.below(2 ** 31)) * limit) / 2n ** 31n;
  }

  pickFrom<T>(list: readonly T[]): T | undefined {
    return list[this.random.below(list.length)];
  }

  /** Mostly one that somebody pays with. */
  tokenInUse(): TokenLedger {
    const rental = this.pickFrom(this.rentals);
    if (rental === undefined || this.random.isOneIn(6)) return this.random.pick(this.net.tokens);
    return this.token(rental.terms.ledger);
  }

  token(ledgerId: Principal): TokenLedger {
    const found = this.net.tokens.find((one) => one.ledgerId.compareTo(ledgerId) === 'eq');
    if (found === undefined) throw new Error('BUG: no such token');
    return found;
  }

  /** Runs a call to its end; undefined if the canister took no calls. */
  settle<T>(call: PendingCall<T>): T | undefined {
    const response = this.net.world.settle(call);
    if (response.kind === 'reply') return call.result();
    if (this.stop === undefined) this.wrong(`${call.method} was rejected: ${response.message}`);
    return undefined;
  }

  /** As anybody sees it, also while the canister is stopped by this simulation: then undefined. */
  escrow(id: bigint): Escrow | undefined {
    if (this.#over.has(id)) return this.#over.get(id);
    if (!this.isReadable()) return undefined;
    const escrow = expectOk(this.net.as(STRANGER).get_escrow(id));
    if (isOver(escrow)) this.#over.set(id, escrow);
    return escrow;
  }

  isReadable(): boolean {
    return this.net.world.replica.canister(this.net.treasuryId)?.status === 'running';
  }

  isLedgerUp({ ledgerId }: Pick<TokenLedger, 'ledgerId'>): boolean {
    return this.net.world.replica.canister(ledgerId)?.status === 'running';
  }

  /** When the machine looks at a transfer next; now if nobody can say. */
  transferDue(id: bigint): bigint {
    const transfer = expectOk(this.net.as(STRANGER).get_transfer(id));
    return transfer.due_at_ns[0] ?? this.now;
  }

  /** Calls of ledgers that are not answered. */
  heldCalls(): number {
    if (this.net.ledgerWasm !== undefined) return 0;
    return this.net.tokens.reduce((sum, { ledger }) => sum + ledger.faults.held.count, 0);
  }
}

/** Closed or lapsed: no payment and no fact can change it any more. */
export function isOver({ phase }: Escrow): boolean {
  return 'Closed' in phase || 'Lapsed' in phase;
}
