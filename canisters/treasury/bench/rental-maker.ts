import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { BasisPoints, TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { codecOf } from '@decent-cloud/kit/candid/codec-cache.ts';
import type { CallRequest } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { FakeRuntime, FakeTimers } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { EscrowId } from '../src/core/ids.ts';
import type { RentalTerms } from '../src/core/quotes/quote.ts';
import type { Settings } from '../src/core/settings.ts';
import type { TokenConfig } from '../src/core/tokens/token-config.ts';
import { OpenReads } from '../src/flows/audits/open-reads.ts';
import { AUDIT_LIMITS } from '../src/flows/audits/tick-audits.flow.ts';
import { VERIFY_LIMITS } from '../src/flows/audits/verify-escrow.flow.ts';
import { deposit } from '../src/flows/deposit.flow.ts';
import { PriceClient } from '../src/flows/price-client.ts';
import { recordEvent } from '../src/flows/record-event.flow.ts';
import { reportFact, type ReportedFact } from '../src/flows/report-fact.flow.ts';
import { requestQuote } from '../src/flows/request-quote.flow.ts';
import { setSettings } from '../src/flows/set-settings.flow.ts';
import { setToken } from '../src/flows/set-token.flow.ts';
import { transferMemory } from '../src/flows/transfers/transfer-canister.ts';
import type { TreasuryCanister } from '../src/flows/treasury-canister.ts';
import { openStorage } from '../src/storage/treasury-storage.ts';
import { bTreeMemory } from '../../kit/bench/stable-memory/b-tree-memory.ts';
import { OutgoingRows } from './outgoing-rows.ts';
import { RowStore } from '../../kit/bench/stable-memory/row-store.ts';
import { StableImage } from '../../kit/bench/stable-memory/stable-image.ts';

const DOLLAR_E8 = 100_000_000n;
const SECOND = durationNs({ seconds: 1 });
const MINUTE = durationNs({ minutes: 1 });
const TERM_DAYS = 30;
/** What was written many times is kept once, so rows are taken after many rentals. */
const RENTALS_PER_BATCH = 200;

const PRICE = IDL.Variant({
  Ok: IDL.Record({
    usd_e8: IDL.Nat,
    at_ns: IDL.Nat64,
    sources_hash: IDL.Vec(IDL.Nat8),
    exposure_cap_usd_e8: IDL.Opt(IDL.Nat),
  }),
});
const BLOCK = IDL.Variant({ Ok: IDL.Nat });

/** The treasury that rentals are made for. */
export interface MakerOptions {
  readonly self: Principal;
  readonly controller: Principal;
  readonly settings: Settings;
  readonly token: TokenConfig;
}

export interface NewRental {
  readonly payer: Principal;
  readonly provider: Principal;
  readonly author: Principal | undefined;
  readonly quotedAt: TimestampNs;
}

/**
 * Makes rentals by the treasury's own flows, with ledger and price answered at once, and gives what
 * they wrote to stable memory. Rows, journal, lists and queues are those that the same calls make in
 * the canister; only the tokens on the ledger are missing.
 */
export class RentalMaker {
  readonly #runtime = new FakeRuntime();
  readonly #timers = new FakeTimers();
  readonly #rows = new OutgoingRows();
  readonly #canister: TreasuryCanister;
  readonly #options: MakerOptions;
  readonly #kept = new Map<number, RowStore>();
  #rentals = 0;
  #blocks = 0n;

  constructor(options: MakerOptions) {
    const { self, controller, settings, token } = options;
    this.#options = options;
    this.#runtime.selfId = self;
    this.#runtime.controllers = [controller];
    this.#runtime.callerNow = controller;
    this.#runtime.answerCall = (request) => Promise.resolve(ok(this.#answer(request)));
    this.#canister = canisterOf(this.#runtime, this.#timers, this.#rows);
    taken(setSettings(this.#canister, settings));
    taken(setToken(this.#canister, token));
  }

  /** The stable memory of this treasury with everything that was made, from that of a fresh one. */
  stableMemory(fresh: Uint8Array): Uint8Array {
    this.#keepRows();
    const image = new StableImage(fresh);
    for (const [memoryId, rows] of this.#kept) {
      image.replace(memoryId, bTreeMemory(image.firstBucket(memoryId), rows));
    }
    return image.bytes();
  }

  /** Quoted, paid a minute later, started another minute later. */
  async start(rental: NewRental): Promise<EscrowId> {
    const { rental: reporter } = this.#options.settings;
    if (this.#rentals % RENTALS_PER_BATCH === 0) this.#keepRows();
    this.#be(reporter, rental.quotedAt);
    const { id } = taken(await requestQuote(this.#canister, this.#termsOf(rental)));
    this.#be(rental.payer, after(rental.quotedAt, MINUTE));
    const maxAmount = (2n ** 64n) as TokenUnits;
    const request = { escrowId: id, maxAmount, fromSubaccount: undefined };
    taken(await deposit(this.#canister, request));
    const at = after(this.#runtime.now, MINUTE);
    await this.#report(at, { escrowId: id, seq: 1, fact: { kind: 'started', at } });
    return id;
  }

  /** The renter cancels now and is refunded in the next message. */
  async cancel(escrowId: EscrowId): Promise<void> {
    const at = after(this.#runtime.now, MINUTE);
    const fact = { kind: 'ended', at, cause: 'renter-cancelled' } as const;
    await this.#report(at, { escrowId, seq: 2, fact });
  }

  /** Its account was looked at and held what it should. */
  audit(escrowId: EscrowId, at: TimestampNs): void {
    const event = { kind: 'escrow-audited', escrowId, surplus: 0n } as const;
    recordEvent(this.#canister.storage, { at, event });
  }

  #keepRows(): void {
    for (const { memoryId, key, value } of this.#rows.take()) {
      const rows = this.#kept.get(memoryId) ?? new RowStore();
      rows.add(key, value);
      this.#kept.set(memoryId, rows);
    }
  }

  async #report(at: TimestampNs, fact: ReportedFact): Promise<void> {
    this.#be(this.#options.settings.rental, at);
    taken(reportFact(this.#canister, fact));
    this.#runtime.now = after(at, SECOND);
    while (await this.#timers.fireNext());
  }

  #be(caller: Principal, now: TimestampNs): void {
    this.#runtime.callerNow = caller;
    this.#runtime.now = now;
  }

  #termsOf({ payer, provider, author }: NewRental): RentalTerms {
    this.#rentals += 1;
    const authorBps = author === undefined ? 0 : 500;
    return {
      rentalId: this.#rentals as RentalId,
      draftHash: new Uint8Array(32).fill(this.#rentals),
      payer,
      provider,
      author,
      ledger: this.#options.token.ledger,
      totalUsdE8: (30n * DOLLAR_E8) as UsdE8,
      termNs: durationNs({ days: TERM_DAYS }),
      split: { platformBps: 300 as BasisPoints, authorBps: authorBps as BasisPoints },
      noticeNs: durationNs({ hours: 1 }),
      provisionWithinNs: durationNs({ hours: 1 }),
      slaCredits: [{ belowPpm: 990_000, creditBps: 1_000 as BasisPoints }],
      providerPenaltyBps: 2_000 as BasisPoints,
    };
  }

  #answer({ method }: CallRequest): Uint8Array {
    if (method === 'get_price') {
      const price = { usd_e8: DOLLAR_E8, at_ns: this.#runtime.now, sources_hash: HASH };
      return codecOf([PRICE]).encode([{ Ok: { ...price, exposure_cap_usd_e8: [] } }]);
    }
    this.#blocks += 1n;
    return codecOf([BLOCK]).encode([{ Ok: this.#blocks }]);
  }
}

const HASH = new Uint8Array(32).fill(9);

function canisterOf(
  runtime: FakeRuntime,
  timers: FakeTimers,
  rows: OutgoingRows,
): TreasuryCanister {
  const prices = new PriceClient(runtime);
  return {
    runtime,
    timers,
    storage: openStorage(rows.open),
    memory: transferMemory(),
    prices,
    audits: new OpenReads(AUDIT_LIMITS),
    verifications: new OpenReads(VERIFY_LIMITS),
    priceHint: (ledger) => prices.hint(ledger),
  };
}

function taken<T>(result: Result<T, { readonly message: string }>): T {
  if (result.kind === 'ok') return result.value;
  throw new Error(`a rental cannot be made: ${result.error.message}`);
}

/** The same person for the same number, as of a user with a key. */
export function person(number: number): Principal {
  return Principal.selfAuthenticating(Uint8Array.of(number >> 16, number >> 8, number));
}

/** A time so many nanoseconds before or after. */
export function at(from: bigint, byNs: bigint): TimestampNs {
  return timestampNs(from + byNs);
}
