import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CommonRequestLeaf, Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Busy } from '@decent-cloud/kit/guard/with-guard.ts';
import { resultWires, type ResultWire } from '@decent-cloud/kit/wire/result-wire.ts';
import {
  count,
  list,
  nanoseconds,
  nat,
  optional,
  principal,
  text,
  union,
  type Wire,
} from '@decent-cloud/kit/wire/wire.ts';

/** Why the treasury refuses for good; the names are those of treasury.did. */
export type TreasuryRequestLeaf =
  | CommonRequestLeaf
  | { readonly kind: 'not-configured' }
  | { readonly kind: 'unknown-token' }
  | { readonly kind: 'token-disabled' }
  | { readonly kind: 'quote-expired'; readonly expiredAt: TimestampNs }
  | { readonly kind: 'quote-superseded' }
  | { readonly kind: 'quote-used' }
  | { readonly kind: 'too-many-attempts' }
  | { readonly kind: 'amount-above-max'; readonly amount: TokenUnits }
  | { readonly kind: 'price-moved' }
  | { readonly kind: 'insufficient-allowance'; readonly needed: TokenUnits }
  | { readonly kind: 'insufficient-funds'; readonly balance: TokenUnits }
  | { readonly kind: 'ledger-fee-changed'; readonly fee: TokenUnits }
  | { readonly kind: 'ledger-refused'; readonly reason: string }
  | { readonly kind: 'out-of-order'; readonly expected: number }
  | { readonly kind: 'invalid-fact'; readonly rule: string }
  | { readonly kind: 'wrong-phase'; readonly phase: string }
  | { readonly kind: 'nothing-to-withdraw' }
  | { readonly kind: 'proof-refused'; readonly reason: string };

/** Why it refuses for now. */
export type TreasuryTemporaryLeaf =
  | Busy
  | {
      readonly kind: 'no-price';
      readonly reason: string;
      readonly lastGoodAt: TimestampNs | undefined;
    }
  | { readonly kind: 'exposure-exceeded'; readonly offer: readonly Principal[] }
  | { readonly kind: 'payment-pending'; readonly transferId: number }
  | { readonly kind: 'ledger-unavailable' };

export type TreasuryRefusal =
  | ErrorArm<'request', TreasuryRequestLeaf>
  | ErrorArm<'temporary', TreasuryTemporaryLeaf>
  | ErrorArm<'internal', Unexpected>;

const request = union<TreasuryRequestLeaf>({
  'not-authenticated': {},
  'not-allowed': {},
  'not-found': {},
  'invalid-argument': { argument: text },
  'not-configured': {},
  'unknown-token': {},
  'token-disabled': {},
  'quote-expired': { expiredAt: nanoseconds },
  'quote-superseded': {},
  'quote-used': {},
  'too-many-attempts': {},
  'amount-above-max': { amount: nat },
  'price-moved': {},
  'insufficient-allowance': { needed: nat },
  'insufficient-funds': { balance: nat },
  'ledger-fee-changed': { fee: nat },
  'ledger-refused': { reason: text },
  'out-of-order': { expected: count },
  'invalid-fact': { rule: text },
  'wrong-phase': { phase: text },
  'nothing-to-withdraw': {},
  'proof-refused': { reason: text },
});

const temporary = union<TreasuryTemporaryLeaf>({
  busy: {},
  'no-price': { reason: text, lastGoodAt: optional(nanoseconds) },
  'exposure-exceeded': { offer: list(principal) },
  'payment-pending': { transferId: count },
  'ledger-unavailable': {},
});

const internal = union<Unexpected>({ unexpected: {} });

const resultOf = resultWires<TreasuryRequestLeaf, TreasuryTemporaryLeaf, Unexpected>({
  request,
  temporary,
  internal,
});

/** What a method of the treasury answers with; unlike our own answers it is also read. */
export function answerOf<T>(value: Wire<T>): ResultWire<T, TreasuryRefusal> {
  const written = resultOf(value);
  return { ...written, from: (raw) => readAnswer(value, raw as WireAnswer) };
}

type Leaf = readonly [] | readonly [unknown];

type WireAnswer =
  | { readonly Ok: unknown }
  | {
      readonly Err: {
        readonly kind:
          | { readonly RequestError: Leaf }
          | { readonly TemporaryError: Leaf }
          | { readonly InternalError: Leaf };
        readonly message: string;
      };
    };

/** A leaf that is newer than this code is undefined; the arm still says what to do. */
function readAnswer<T>(value: Wire<T>, raw: WireAnswer): Result<T, TreasuryRefusal> {
  if ('Ok' in raw) return ok(value.from(raw.Ok) as T);
  const { kind, message } = raw.Err;
  if ('RequestError' in kind) {
    return err({ kind: 'request', leaf: readLeaf(request, kind.RequestError), message });
  }
  if ('TemporaryError' in kind) {
    return err({ kind: 'temporary', leaf: readLeaf(temporary, kind.TemporaryError), message });
  }
  return err({ kind: 'internal', leaf: readLeaf(internal, kind.InternalError), message });
}

function readLeaf<T>(wire: Wire<T>, [leaf]: Leaf): T | undefined {
  return leaf === undefined ? undefined : (wire.from(leaf) as T);
}
