import type { Err } from '@decent-cloud/domain/result.ts';
import type { CallFailure } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { UndecodableReply } from '@decent-cloud/kit/runtime/typed-call.ts';
import {
  postpone,
  refuse,
  type RentalError,
  type RequestLeaf,
  type TemporaryLeaf,
} from '../rental-errors.ts';
import type {
  TreasuryRefusal,
  TreasuryRequestLeaf,
  TreasuryTemporaryLeaf,
} from './treasury-answer.ts';

const NOTHING = 'Nothing was taken.';
/** With these the callee did not run; 4 and above leave it open. */
const SURELY_NOT_RUN = 3;

/** The treasury gives no answer, and nothing that costs money was asked of it. */
export function unreachable(): Err<RentalError> {
  return postpone(
    { kind: 'treasury-unavailable' },
    `The treasury does not answer now. ${NOTHING} Try again in some minutes; running rentals go on.`,
  );
}

/** No answer to a deposit: it may have been taken unless it surely never arrived. */
export function depositFailed(why: CallFailure | UndecodableReply): Err<RentalError> {
  const isNotSent = why.kind === 'not-sent';
  const isNotRun = why.kind === 'rejected' && why.code <= SURELY_NOT_RUN;
  return isNotSent || isNotRun ? unreachable() : refusePending();
}

/** Whether the deposit is taken is open; the treasury knows. */
export function refusePending(): Err<RentalError> {
  return postpone(
    { kind: 'payment-pending' },
    'The payment is under way and its outcome is not known yet. It is never taken twice: do not pay ' +
      'again; this rental goes on by itself as soon as the ledger has answered.',
  );
}

/** A refused quote. The treasury's own words say what to do: they are written for people. */
export function refuseQuote(refusal: TreasuryRefusal): Err<RentalError> {
  switch (refusal.kind) {
    case 'request':
      return requestRefusal(refusal.leaf, refusal.message);
    case 'temporary':
      return temporaryRefusal(refusal.leaf, refusal.message) ?? unreachable();
    case 'internal':
      return unreachable();
  }
}

/** A refused deposit. Where it is open whether money moved, the answer is `payment-pending`. */
export function refuseDeposit(refusal: TreasuryRefusal): Err<RentalError> {
  switch (refusal.kind) {
    case 'request':
      // Paid already, perhaps straight to the treasury: the briefs will say.
      if (refusal.leaf?.kind === 'quote-used') return refusePending();
      return requestRefusal(refusal.leaf, refusal.message);
    case 'temporary':
      return temporaryRefusal(refusal.leaf, refusal.message) ?? refusePending();
    case 'internal':
      return refusePending();
  }
}

function requestRefusal(leaf: TreasuryRequestLeaf | undefined, message: string): Err<RentalError> {
  return refuse(requestLeaf(leaf, message), message);
}

function requestLeaf(leaf: TreasuryRequestLeaf | undefined, message: string): RequestLeaf {
  switch (leaf?.kind) {
    case 'unknown-token':
    case 'token-disabled':
    case 'quote-expired':
    case 'amount-above-max':
    case 'price-moved':
    case 'insufficient-allowance':
    case 'insufficient-funds':
    case 'ledger-fee-changed':
      return leaf;
    case 'ledger-refused':
      return { kind: 'payment-refused', reason: leaf.reason };
    case 'invalid-argument':
      // The one argument of ours that goes there as it came.
      if (leaf.argument === 'from_subaccount') return leaf;
      return { kind: 'payment-refused', reason: message };
    default:
      return { kind: 'payment-refused', reason: message };
  }
}

/** Undefined if it is open whether anything was taken. */
function temporaryRefusal(
  leaf: TreasuryTemporaryLeaf | undefined,
  message: string,
): Err<RentalError> | undefined {
  const known = temporaryLeaf(leaf);
  return known === undefined ? undefined : postpone(known, message);
}

function temporaryLeaf(leaf: TreasuryTemporaryLeaf | undefined): TemporaryLeaf | undefined {
  switch (leaf?.kind) {
    case 'busy':
    case 'exposure-exceeded':
      return leaf;
    case 'no-price':
      return { kind: 'no-price', reason: leaf.reason };
    case 'ledger-unavailable':
      return { kind: 'treasury-unavailable' };
    case 'payment-pending':
      return { kind: 'payment-pending' };
    case undefined:
      return undefined;
  }
}
