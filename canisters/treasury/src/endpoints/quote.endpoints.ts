import { IDL } from '@dfinity/candid';
import { andThen } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { canister } from '../composition.ts';
import type { EscrowId } from '../core/ids.ts';
import { deposit, type DepositReceipt } from '../flows/deposit.flow.ts';
import { requestQuote } from '../flows/request-quote.flow.ts';
import { DepositRequest, depositFromWire, type WireDepositRequest } from './wire/deposit-wire.ts';
import { resultOf } from './wire/error-wire.ts';
import { idFromWire } from './wire/id-wire.ts';
import { quote, terms, termsFromWire, type WireTerms } from './wire/quote-wire.ts';
import { count, nat, optional, record } from '@decent-cloud/kit/wire/wire.ts';

const QuoteResult = resultOf(quote);
const DepositResult = resultOf(
  record<DepositReceipt>({ escrowId: count, transferId: count, amount: nat, block: optional(nat) }),
);
/** Prices that are locked, and their payment. */
export class QuoteEndpoints {
  /** The rental canister only. */
  @update([terms.type], QuoteResult.type)
  async quote(wire: WireTerms): Promise<WireResult<unknown>> {
    const asked = termsFromWire(wire);
    return QuoteResult.to(asked.kind === 'ok' ? await requestQuote(canister, asked.value) : asked);
  }

  /** The payer, or the rental canister on their behalf. */
  @update([DepositRequest], DepositResult.type)
  async deposit(wire: WireDepositRequest): Promise<WireResult<unknown>> {
    const request = depositFromWire(wire);
    return DepositResult.to(
      request.kind === 'ok' ? await deposit(canister, request.value) : request,
    );
  }

  @query([IDL.Nat64], QuoteResult.type)
  get_quote(raw: bigint): WireResult<unknown> {
    const id = idFromWire<EscrowId>('escrow_id', raw);
    return QuoteResult.to(
      andThen(id, (value) => found(canister.storage.quotes.get(value), 'quote')),
    );
  }
}
