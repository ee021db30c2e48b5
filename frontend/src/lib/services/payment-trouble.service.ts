import { LedgerRefusal } from '../api/ledger-refusal.ts';
import { Refusal } from '../api/refusal.ts';
import { ledgerTroubleOf } from './ledger-words.service.ts';
import type { TokenName } from './token-amount.service.ts';
import { troubleOf, type Trouble } from './trouble.service.ts';

/** The one thing that helps. */
export type Remedy =
  | { readonly kind: 'lock-again' }
  | { readonly kind: 'try-again' }
  | { readonly kind: 'deposit' }
  /** Canister ids of ledgers that can be paid with instead; none are known if it is empty. */
  | { readonly kind: 'other-token'; readonly ledgers: readonly string[] }
  /** Numbers of the offer's machines that can be had. */
  | { readonly kind: 'other-machine'; readonly choices: readonly number[] }
  | { readonly kind: 'other-offer' }
  | { readonly kind: 'other-login' }
  | { readonly kind: 'my-rentals' }
  | { readonly kind: 'settings' };

/** What went wrong on the way to a paid rental. Nothing was taken. */
export interface PaymentTrouble {
  readonly trouble: Trouble;
  readonly remedy: Remedy;
}

/** What was tried. */
export type Attempt = 'lock' | 'approve' | 'pay';

/** What is known after an attempt to pay that did not go well. */
export type PaymentOutcome =
  /** The canister said that nothing was taken. */
  | { readonly kind: 'refused'; readonly problem: PaymentTrouble }
  /** The ledger's answer is awaited; the rental goes on by itself. */
  | { readonly kind: 'pending' }
  /** No answer came: whether it was paid has to be looked up. */
  | { readonly kind: 'lost' };

const NOTHING_TAKEN = 'Nothing was taken.';

const FAILED: Readonly<Record<Attempt, string>> = {
  lock: 'The price could not be locked.',
  approve: 'The treasury could not be allowed to take the amount.',
  pay: 'The payment did not go through.',
};

const TITLES: Readonly<Record<string, string>> = {
  QuoteExpired: 'The price lock ran out before the payment',
  PriceMoved: 'The token’s price moved too far meanwhile',
  AmountAboveMax: 'The amount is not what you saw',
  InsufficientAllowance: 'The treasury is not allowed to take the amount',
  InsufficientFunds: 'Your wallet does not hold enough',
  LedgerFeeChanged: 'The ledger changed its fee',
  ExposureExceeded: 'This token cannot take more payments right now',
  NoPrice: 'This token has no reliable price right now',
  UnknownToken: 'This token cannot be paid with',
  TokenDisabled: 'This token cannot be paid with any more',
  CatalogueStale: 'What the cloud has in stock is not known right now',
  NotOrderable: 'This machine was just taken',
  OfferingUnavailable: 'This offer cannot be rented any more',
  RecipeUnavailable: 'The recipe cannot be rented as it is offered',
  TreasuryUnavailable: 'The treasury does not answer right now',
  QuotaExceeded: 'You have too many open quotes or rentals',
  NotAllowed: 'Another login asked for this price',
  WrongState: 'This rental is not waiting for a payment',
  PaymentRefused: 'The ledger refused the payment',
  InvalidArgument: 'Something in the form is not accepted',
  Busy: 'Something else is being done for you right now',
  RateLimited: 'Too many attempts in a short time',
};

/** Words and remedy for a price that could not be locked, or an approval that was not made. */
export function paymentTroubleOf(
  error: unknown,
  { attempt, token }: { readonly attempt: Attempt; readonly token: TokenName },
): PaymentTrouble {
  const what = FAILED[attempt];
  if (error instanceof Refusal) {
    const title = TITLES[error.leaf] ?? what;
    const trouble = troubleOf(error, { what: title, money: NOTHING_TAKEN });
    return isOfTerms(error, attempt) ? ofTerms(trouble) : { trouble, remedy: remedyOf(error) };
  }
  const context = { what, money: NOTHING_TAKEN, unmoved: NOTHING_TAKEN, token };
  const trouble = ledgerTroubleOf(error, context);
  return { trouble, remedy: ledgerRemedy(error, trouble) };
}

/**
 * What is known after `accept_quote` failed. Only the canister's own word says that nothing was taken;
 * without an answer it may have been.
 */
export function payOutcomeOf(error: unknown, token: TokenName): PaymentOutcome {
  if (!(error instanceof Refusal)) return { kind: 'lost' };
  if (error.leaf === 'PaymentPending') return { kind: 'pending' };
  if (error.arm === 'internal') return { kind: 'lost' };
  if (error.arm === 'temporary' && error.leaf === '') return { kind: 'lost' };
  return { kind: 'refused', problem: paymentTroubleOf(error, { attempt: 'pay', token }) };
}

/** What the treasury says about the terms themselves: no ledger was asked. */
function isOfTerms({ leaf }: Refusal, attempt: Attempt): boolean {
  return leaf === 'PaymentRefused' && attempt === 'lock';
}

function ofTerms(trouble: Trouble): PaymentTrouble {
  // The treasury names the argument first, as programs call it.
  const detail = trouble.detail.replace(/^[a-z0-9_]+: /, 'It ');
  const words = { title: 'It cannot be paid for like this', detail, money: NOTHING_TAKEN };
  return { trouble: { ...trouble, ...words }, remedy: { kind: 'settings' } };
}

function remedyOf({ leaf, details }: Refusal): Remedy {
  switch (leaf) {
    case 'QuoteExpired':
    case 'PriceMoved':
    case 'AmountAboveMax':
    case 'LedgerFeeChanged':
    case 'PaymentRefused':
      return { kind: 'lock-again' };
    case 'InsufficientFunds':
      return { kind: 'deposit' };
    case 'ExposureExceeded':
      return { kind: 'other-token', ledgers: principalTexts(field(details, 'offer')) };
    case 'NoPrice':
    case 'UnknownToken':
    case 'TokenDisabled':
      return { kind: 'other-token', ledgers: [] };
    case 'NotOrderable': {
      const choices = numbers(field(details, 'alternatives'));
      return choices.length === 0 ? { kind: 'other-offer' } : { kind: 'other-machine', choices };
    }
    case 'CatalogueStale':
    case 'OfferingUnavailable':
    case 'RecipeUnavailable':
    case 'NotFound':
      return { kind: 'other-offer' };
    case 'NotAllowed':
    case 'NotAuthenticated':
      return { kind: 'other-login' };
    case 'QuotaExceeded':
    case 'WrongState':
      return { kind: 'my-rentals' };
    case 'InvalidArgument':
      return { kind: 'settings' };
    default:
      return { kind: 'try-again' };
  }
}

function ledgerRemedy(error: unknown, { leaf }: Trouble): Remedy {
  if (!(error instanceof LedgerRefusal)) return { kind: 'try-again' };
  if (leaf === 'InsufficientFunds') return { kind: 'deposit' };
  return { kind: leaf === 'Expired' || leaf === 'BadFee' ? 'lock-again' : 'try-again' };
}

function field(details: unknown, name: string): unknown {
  return typeof details === 'object' && details !== null && name in details
    ? (details as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Candid gives numbers of 64 bits as a typed array. */
function numbers(value: unknown): readonly number[] {
  if (value instanceof BigUint64Array) return Array.from(value, Number);
  return Array.isArray(value) ? value.map(Number) : [];
}

function principalTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
