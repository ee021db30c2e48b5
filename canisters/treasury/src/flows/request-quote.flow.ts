import type { Principal } from '@dfinity/principal';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';

import { checkNewQuote } from '../core/quotes/check-new-quote.ts';
import { checkTerms } from '../core/quotes/check-terms.ts';
import { makeQuote } from '../core/quotes/make-quote.ts';
import type { Quote, RentalTerms } from '../core/quotes/quote.ts';
import type { Settings } from '../core/settings.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import { recordEvent } from './record-event.flow.ts';
import {
  refuseDisabled,
  refusePending,
  refuseQuote,
  refuseUnconfigured,
  refuseUnknownToken,
} from './refusals/quote-refusals.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import { refuse, type TreasuryError } from './treasury-errors.ts';

interface Ready {
  readonly settings: Settings;
  readonly token: TokenConfig;
  /** A quote of the same rental that the new one replaces. */
  readonly superseded: EscrowId | undefined;
}

/**
 * Locks a price for a rental: amount, splits and terms. Only the rental canister asks. Waits for the
 * price first and decides everything after it, so that nothing changed in between.
 */
export async function requestQuote(
  canister: TreasuryCanister,
  rawTerms: RentalTerms,
): Promise<Result<Quote, TreasuryError>> {
  const caller = requireUser(canister.runtime);
  if (caller.kind === 'err') return caller;
  const terms = checkTerms(rawTerms);
  if (terms.kind === 'err') return invalidArgument(terms.error);
  const before = checkRequest(canister, caller.value, terms.value);
  if (before.kind === 'err') return before;
  const { tokenValue } = before.value.settings;
  const price = await canister.prices.current(tokenValue, terms.value.ledger);
  if (price.kind === 'err') return price;

  const ready = checkRequest(canister, caller.value, terms.value);
  if (ready.kind === 'err') return ready;
  const { settings, token, superseded } = ready.value;
  const { runtime, storage } = canister;
  const now = runtime.time();
  const quote = makeQuote({
    id: storage.ids.escrows.next(),
    terms: terms.value,
    token,
    price: price.value,
    settings,
    now,
  });
  if (quote.kind === 'err') return refuseQuote(quote.error, token);
  if (superseded !== undefined) {
    const lapsed = { kind: 'quote-lapsed', escrowId: superseded, why: 'superseded' } as const;
    recordEvent(storage, { at: now, event: lapsed });
  }
  recordEvent(storage, { at: now, event: { kind: 'quoted', quote: quote.value } });
  return ok(quote.value);
}

function checkRequest(
  { storage }: TreasuryCanister,
  caller: Principal,
  terms: RentalTerms,
): Result<Ready, TreasuryError> {
  const settings = storage.settings.get(null);
  if (settings === undefined) return refuseUnconfigured();
  if (settings.rental.compareTo(caller) !== 'eq') {
    return refuse({ kind: 'not-allowed' }, 'Only the rental canister asks for quotes.');
  }
  const token = storage.tokens.get(terms.ledger);
  if (token === undefined) return refuseUnknownToken();
  if (!token.isEnabled) return refuseDisabled(token);
  const current = storage.currentQuotes.get(terms.rentalId);
  const escrow = current === undefined ? undefined : storage.escrows.get(current.escrowId);
  const state = checkNewQuote(escrow);
  switch (state.kind) {
    case 'fresh':
      return ok({ settings, token, superseded: undefined });
    case 'supersedes':
      return ok({ settings, token, superseded: state.escrowId });
    case 'payment-pending':
      return refusePending(escrow?.liveTransfer ?? (0 as TransferId));
  }
}
