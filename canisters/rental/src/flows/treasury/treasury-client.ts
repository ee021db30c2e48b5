import type { IDL } from '@dfinity/candid';
import { invariant } from '@decent-cloud/domain/assert.ts';
import { err, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { CallFailure } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { callTyped, type UndecodableReply } from '@decent-cloud/kit/runtime/typed-call.ts';
import type { ResultWire } from '@decent-cloud/kit/wire/result-wire.ts';
import { fromWire } from '@decent-cloud/kit/wire/wire.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { EscrowBrief } from '../../core/treasury/escrow-brief.ts';
import type {
  DepositOrder,
  DepositReceipt,
  LockedQuote,
  QuoteTerms,
} from '../../core/treasury/quote-terms.ts';
import { settingsOf } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import type { TreasuryRefusal } from './treasury-answer.ts';
import { depositFailed, refuseDeposit, refuseQuote, unreachable } from './treasury-refusals.ts';
import {
  briefsAnswer,
  depositAnswer,
  depositOrder,
  escrowIds,
  factsAnswer,
  numberedFacts,
  quoteAnswer,
  quoteTerms,
  type FactReceipt,
  type NumberedFact,
} from './treasury-wire.ts';

/** What the treasury answers about in one call. */
export const MAX_BRIEFS = 50;
export const MAX_FACTS = 50;

/**
 * Asks the treasury for a locked price. Nothing is taken, and a quote whose answer was lost lapses by
 * itself or when a newer one of the same rental comes. An earlier unpaid quote of the rental lapses.
 */
export async function askQuote(
  c: RentalCanister,
  terms: QuoteTerms,
): Promise<Result<LockedQuote, RentalError>> {
  const call = { method: 'quote', args: [quoteTerms.to(terms)], argTypes: [quoteTerms.type] };
  const answer = await ask(c, { ...call, answer: quoteAnswer });
  if (answer.kind === 'err') return answer;
  const quote = answer.value;
  if (quote.kind === 'lost') return unreachable();
  if (quote.kind === 'err') return refuseQuote(quote.error);
  const { id: escrowId, ...locked } = quote.value;
  return ok({ ...locked, escrowId });
}

/**
 * Has the treasury take a quote's amount from its payer, at most once whatever happens. Only
 * `payment-pending` leaves open whether it was taken: ask `askBriefs` until it says. After every other
 * error nothing was taken.
 */
export async function askDeposit(
  c: RentalCanister,
  order: DepositOrder,
): Promise<Result<DepositReceipt, RentalError>> {
  const call = { method: 'deposit', args: [depositOrder.to(order)] };
  const answer = await ask(c, { ...call, argTypes: [depositOrder.type], answer: depositAnswer });
  if (answer.kind === 'err') return answer;
  const receipt = answer.value;
  if (receipt.kind === 'lost') return depositFailed(receipt.why);
  return receipt.kind === 'err' ? refuseDeposit(receipt.error) : receipt;
}

/** True if the error says that nothing was taken. */
export function isSurelyUnpaid(error: RentalError): boolean {
  return error.leaf?.kind !== 'payment-pending';
}

/**
 * How the treasury has these escrows now, in the order asked; undefined for a number that it does not
 * know. At most 50.
 */
export async function askBriefs(
  c: RentalCanister,
  ids: readonly EscrowId[],
): Promise<Result<readonly (EscrowBrief | undefined)[], RentalError>> {
  invariant(ids.length <= MAX_BRIEFS, 'too many escrows are asked about at once');
  if (ids.length === 0) return ok([]);
  const call = { method: 'escrow_briefs', args: [escrowIds.to(ids)], argTypes: [escrowIds.type] };
  const answer = await ask(c, { ...call, answer: briefsAnswer });
  if (answer.kind === 'err') return answer;
  const briefs = answer.value;
  return briefs.kind === 'ok' && briefs.value.length === ids.length ? briefs : unreachable();
}

/** Why the treasury did not take one fact in. */
export type FactAnswer = Result<FactReceipt, TreasuryRefusal>;

/** Reports facts and gives an answer for each, in order. At most 50. */
export async function reportFacts(
  c: RentalCanister,
  facts: readonly NumberedFact[],
): Promise<Result<readonly FactAnswer[], RentalError>> {
  invariant(facts.length <= MAX_FACTS, 'too many facts are reported at once');
  const call = { method: 'report_facts', args: [numberedFacts.to(facts)] };
  const answer = await ask(c, { ...call, argTypes: [numberedFacts.type], answer: factsAnswer });
  if (answer.kind === 'err') return answer;
  const receipts = answer.value;
  return receipts.kind === 'ok' && receipts.value.length === facts.length
    ? receipts
    : unreachable();
}

interface Question<T> {
  readonly method: string;
  readonly argTypes: IDL.Type[];
  readonly args: unknown[];
  readonly answer: ResultWire<T, TreasuryRefusal>;
}

/** `lost`: no answer that can be read. Whether the treasury did anything is in `why`. */
type Answer<T> =
  | Result<T, TreasuryRefusal>
  | { readonly kind: 'lost'; readonly why: CallFailure | UndecodableReply };

/** The outer refusal is ours: nothing was sent. */
async function ask<T>(
  c: RentalCanister,
  { answer, ...call }: Question<T>,
): Promise<Result<Answer<T>, RentalError>> {
  const settings = settingsOf(c);
  if (settings.kind === 'err') return err(settings.error);
  const { treasury: canisterId } = settings.value;
  const replyTypes = [answer.type];
  const reply = await callTyped(c.runtime, { ...call, canisterId, replyTypes });
  if (reply.kind === 'err') return ok({ kind: 'lost', why: reply.error });
  return mapOk(reply, ([raw]) => fromWire(answer, raw));
}
