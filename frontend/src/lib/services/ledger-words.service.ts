import { LedgerRefusal } from '../api/ledger-refusal.ts';
import { tokenText } from './format.service.ts';
import type { TokenName } from './token-amount.service.ts';
import { troubleOf, type Trouble, type TroubleContext } from './trouble.service.ts';

interface Words {
  readonly detail: string;
  readonly next: string;
  readonly isRetryable: boolean;
}

const NOT_MOVED = 'Nothing was sent.';

/**
 * Words for what went wrong with a ledger. A refusal moved nothing; anything else leaves it open, and
 * `money` of the context has to say so.
 */
export function ledgerTroubleOf(
  error: unknown,
  context: TroubleContext & { readonly token: TokenName; readonly unmoved?: string },
): Trouble {
  if (!(error instanceof LedgerRefusal)) return troubleOf(error, context);
  const { what, token, unmoved = NOT_MOVED } = context;
  return { title: what, money: unmoved, leaf: error.leaf, ...wordsOf(error, token) };
}

function wordsOf(refusal: LedgerRefusal, token: TokenName): Words {
  switch (refusal.leaf) {
    case 'InsufficientFunds': {
      const balance = refusal.natural('balance');
      const has = balance === undefined ? '' : ` It holds ${amountText(balance, token)}.`;
      return final(`Your wallet does not hold enough.${has}`, 'Deposit more, or send less.');
    }
    case 'BadFee': {
      const fee = refusal.natural('expected_fee');
      const now = fee === undefined ? '' : ` It is ${amountText(fee, token)} now.`;
      return again(`The ledger changed its fee.${now}`, 'Try again: the new fee is used then.');
    }
    case 'TooOld':
    case 'CreatedInFuture':
      return final(
        'The clock of this device is off by minutes, so the ledger refuses it.',
        'Set the clock, then try again.',
      );
    case 'TemporarilyUnavailable':
      return again('The ledger is busy.', 'Try again in a minute.');
    case 'AllowanceChanged':
      return again('What the treasury may take was changed meanwhile.', 'Try again.');
    case 'Expired':
      return final('The approval would be over before it began.', 'Lock the price again.');
    case 'Duplicate':
      return final(
        'The ledger has this transfer already.',
        'Look at the balance before sending again.',
      );
    case 'GenericError':
      return again(refusal.text('message') || 'The ledger gives no reason.', 'Try again later.');
    default:
      return final(`The ledger refused it (${refusal.leaf}).`, 'Change it, then try again.');
  }
}

function amountText(amount: bigint, { symbol, decimals }: TokenName): string {
  return tokenText({ amount, symbol, decimals });
}

function final(detail: string, next: string): Words {
  return { detail, next, isRetryable: false };
}

function again(detail: string, next: string): Words {
  return { detail, next, isRetryable: true };
}
