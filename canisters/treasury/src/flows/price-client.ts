import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs, elapsed, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { callTyped } from '@decent-cloud/kit/runtime/typed-call.ts';
import { BoundedCache } from '@decent-cloud/kit/store/bounded-cache.ts';
import { charPerByte } from '@decent-cloud/kit/text-host.ts';
import type { TokenPrice } from '../core/quotes/make-quote.ts';
import { postpone, refuse, type TreasuryError } from './treasury-errors.ts';

/** A price for a quote or a deposit is asked for again after this long. */
const FRESH_NS = durationNs({ seconds: 30 });
/** For a note on a payout an older price serves as well; one that is older still says nothing. */
const HINT_NS = durationNs({ minutes: 30 });
const MAX_TOKENS = 100;

interface Cached {
  readonly price: TokenPrice;
  readonly fetchedAt: TimestampNs;
}

/** Asks token-value, and remembers its answers for a short while. Nothing about money waits on it. */
export class PriceClient {
  readonly #runtime: Runtime;
  readonly #cached = new BoundedCache<string, Cached>(MAX_TOKENS);

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** A price no older than 30 s, or why there is none. May wait for token-value. */
  async current(
    tokenValue: Principal,
    ledger: Principal,
  ): Promise<Result<TokenPrice, TreasuryError>> {
    const cached = this.#cached.get(nameOf(ledger));
    if (cached !== undefined && elapsed(cached.fetchedAt, this.#runtime.time()) <= FRESH_NS) {
      return ok(cached.price);
    }
    return this.refresh(tokenValue, ledger);
  }

  /** Asks anew. */
  async refresh(
    tokenValue: Principal,
    ledger: Principal,
  ): Promise<Result<TokenPrice, TreasuryError>> {
    const reply = await callTyped(this.#runtime, {
      canisterId: tokenValue,
      method: 'get_price',
      argTypes: [IDL.Principal],
      args: [ledger],
      replyTypes: [PriceResult],
    });
    if (reply.kind === 'err') return unreachable();
    const price = priceFromWire(reply.value[0] as WirePriceResult);
    if (price.kind === 'ok') {
      this.#cached.set(nameOf(ledger), { price: price.value, fetchedAt: this.#runtime.time() });
    }
    return price;
  }

  /** The last known price without waiting, for the record of a payout. */
  hint(ledger: Principal): UsdE8 | undefined {
    const cached = this.#cached.get(nameOf(ledger));
    if (cached === undefined) return undefined;
    return elapsed(cached.fetchedAt, this.#runtime.time()) <= HINT_NS
      ? cached.price.usdE8
      : undefined;
  }

  /** True if the last known price came without a cap on what is accepted within an hour. */
  isUncapped(ledger: Principal): boolean {
    const cached = this.#cached.get(nameOf(ledger));
    return cached !== undefined && cached.price.exposureCapUsdE8 === undefined;
  }
}

const NoPrice = lazy(() => IDL.Record({ reason: IDL.Text, last_good_at_ns: IDL.Opt(IDL.Nat64) }));

/** What is read of token-value's answer; fields and errors that are not named here are skipped. */
const PriceResult = lazy(() =>
  IDL.Variant({
    Ok: IDL.Record({
      usd_e8: IDL.Nat,
      at_ns: IDL.Nat64,
      sources_hash: IDL.Vec(IDL.Nat8),
      exposure_cap_usd_e8: IDL.Opt(IDL.Nat),
    }),
    Err: IDL.Record({
      kind: IDL.Variant({
        RequestError: IDL.Opt(IDL.Variant({ UnknownToken: IDL.Null })),
        TemporaryError: IDL.Opt(IDL.Variant({ NoPrice })),
        InternalError: IDL.Opt(IDL.Variant({ Unexpected: IDL.Null })),
      }),
    }),
  }),
);

type WirePriceResult =
  | {
      readonly Ok: {
        readonly usd_e8: bigint;
        readonly at_ns: bigint;
        readonly sources_hash: Uint8Array;
        readonly exposure_cap_usd_e8: [] | [bigint];
      };
    }
  | { readonly Err: { readonly kind: WirePriceError } };

interface WirePriceError {
  readonly RequestError?: unknown;
  readonly TemporaryError?:
    [] | [{ readonly NoPrice: { reason: string; last_good_at_ns: [] | [bigint] } }];
}

function priceFromWire(wire: WirePriceResult): Result<TokenPrice, TreasuryError> {
  if ('Ok' in wire) {
    const { usd_e8, at_ns, sources_hash, exposure_cap_usd_e8 } = wire.Ok;
    if (usd_e8 <= 0n) return unreachable();
    return ok({
      usdE8: usd_e8 as UsdE8,
      at: timestampNs(at_ns),
      sourcesHash: Uint8Array.from(sources_hash),
      exposureCapUsdE8: exposure_cap_usd_e8[0] as UsdE8 | undefined,
    });
  }
  const { kind } = wire.Err;
  if (kind.RequestError !== undefined) {
    return refuse(
      { kind: 'unknown-token' },
      'No price is configured for this token, so it cannot be paid with. Nothing was taken. Choose another token.',
    );
  }
  const noPrice = kind.TemporaryError?.[0]?.NoPrice;
  if (noPrice === undefined) return unreachable();
  const lastGoodAt = noPrice.last_good_at_ns[0];
  return postpone(
    {
      kind: 'no-price',
      reason: noPrice.reason,
      lastGoodAt: lastGoodAt === undefined ? undefined : timestampNs(lastGoodAt),
    },
    `There is no reliable price for this token now: ${noPrice.reason}. ${NOTHING_TAKEN}`,
  );
}

const NOTHING_TAKEN =
  'Nothing was taken. Try again in some minutes or pay in another token; running rentals go on.';

function unreachable() {
  return postpone(
    { kind: 'no-price', reason: 'the price service does not answer', lastGoodAt: undefined },
    `The price service does not answer. ${NOTHING_TAKEN}`,
  );
}

function nameOf(ledger: Principal): string {
  return charPerByte(ledger.toUint8Array());
}
