import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import { escrowAccount } from '../core/accounts.ts';
import { bookOf } from '../core/apply/rows.ts';
import type { Escrow } from '../core/escrow/escrow.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import { checkAcceptance, checkPayable } from '../core/quotes/check-acceptance.ts';
import type { Quote } from '../core/quotes/quote.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import { refuseAcceptance, refuseMore, refuseTransfer } from './refusals/deposit-refusals.ts';
import {
  refusePending,
  refuseUnknownQuote,
  refuseUnknownToken,
} from './refusals/quote-refusals.ts';
import { planDeposit } from './transfers/plan-transfer.flow.ts';
import { runTransfer } from './transfers/run-transfer.flow.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import type { TreasuryError } from './treasury-errors.ts';

const SUBACCOUNT_BYTES = 32;
const MAX_OFFERS = 20;
/** Each attempt stays in the journal for ever. */
const MAX_ATTEMPTS = 10;

export interface DepositRequest {
  readonly escrowId: EscrowId;
  /** The payer's word: nothing above this is taken. */
  readonly maxAmount: TokenUnits;
  readonly fromSubaccount: Uint8Array | undefined;
}

/** Proof that the whole amount is in the escrow's own account. */
export interface DepositReceipt {
  readonly escrowId: EscrowId;
  readonly transferId: TransferId;
  readonly amount: TokenUnits;
  readonly block: bigint | undefined;
}

interface Payable {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly token: TokenConfig;
}

/**
 * Takes a quote's amount from its payer into the escrow's account, at most once whatever happens. Asks
 * for the price first; all checks that count are made in the one message that plans the transfer.
 */
export async function deposit(
  canister: TreasuryCanister,
  request: DepositRequest,
): Promise<Result<DepositReceipt, TreasuryError>> {
  const caller = requireUser(canister.runtime);
  if (caller.kind === 'err') return caller;
  if (request.fromSubaccount !== undefined && request.fromSubaccount.length !== SUBACCOUNT_BYTES) {
    return invalidArgument({ argument: 'from_subaccount', rule: 'must be 32 bytes' });
  }
  const before = findPayable(canister, request, caller.value);
  if (before.kind === 'err') return before;
  const tokenValue = present(canister.storage.settings.get(null), 'no settings').tokenValue;
  const price = await canister.prices.current(tokenValue, before.value.token.ledger);
  if (price.kind === 'err') return price;

  const payable = findPayable(canister, request, caller.value);
  if (payable.kind === 'err') return payable;
  const { quote, escrow, token } = payable.value;
  const acceptance = checkAcceptance({
    ...payable.value,
    price: price.value,
    book: bookOf(canister.storage, token.ledger),
    caller: caller.value,
    maxAmount: request.maxAmount,
    now: canister.runtime.time(),
  });
  if (acceptance.kind === 'err') {
    return refuseAcceptance(acceptance.error, contextOf(canister, payable.value));
  }
  const transferId = planDeposit(canister, {
    escrowId: escrow.id,
    ledger: token.ledger,
    from: { owner: quote.terms.payer, subaccount: request.fromSubaccount },
    to: escrowAccount(canister.runtime.self(), escrow.id),
    amount: quote.amount,
    fee: token.fee,
    exposureUsdE8: acceptance.value.exposureUsdE8,
  });
  const outcome = await runTransfer(canister, transferId);
  switch (outcome.kind) {
    case 'paid':
      return ok({ escrowId: escrow.id, transferId, amount: quote.amount, block: outcome.block });
    case 'failed':
      return refuseTransfer(outcome, { quote, token });
    case 'pending':
    case 'parked':
      return refusePending(transferId);
  }
}

/** The quote, if this caller may pay it now as far as is known without a price. */
function findPayable(
  canister: TreasuryCanister,
  { escrowId, maxAmount }: DepositRequest,
  caller: Principal,
): Result<Payable, TreasuryError> {
  const { runtime, storage } = canister;
  const quote = storage.quotes.get(escrowId);
  const escrow = storage.escrows.get(escrowId);
  if (quote === undefined || escrow === undefined) return refuseUnknownQuote(escrowId);
  const token = storage.tokens.get(quote.terms.ledger);
  if (token === undefined) return refuseUnknownToken();
  const payable = { quote, escrow, token };
  const check = checkPayable({ ...payable, caller, maxAmount, now: runtime.time() });
  if (check.kind === 'err') return refuseAcceptance(check.error, contextOf(canister, payable));
  return storage.escrowTransfers.length(escrowId) < MAX_ATTEMPTS ? ok(payable) : refuseMore();
}

function contextOf({ storage, prices }: TreasuryCanister, { quote, escrow, token }: Payable) {
  const { liveTransfer } = escrow;
  const offer = () => {
    const { rows } = storage.tokens.page({ order: 'oldest-first', limit: MAX_OFFERS });
    const tokens = rows.map(({ value }) => value);
    return tokens.filter(({ isEnabled, ledger }) => isEnabled && prices.isUncapped(ledger));
  };
  return { quote, token, liveTransfer, offer };
}
