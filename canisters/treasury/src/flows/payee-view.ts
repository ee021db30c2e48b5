import type { Principal } from '@dfinity/principal';
import * as fees from '@decent-cloud/domain/fees.ts';
import { formatDecimal, type TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../core/account.ts';
import { worthSending } from '../core/escrow/limits.ts';
import { effectivePayee } from '../core/payees/payout-account.ts';
import type { Payee } from '../core/payees/payee.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import { accountText } from '../core/words/account-text.ts';
import { isoTime } from '@decent-cloud/domain/utc-time.ts';
import type { TreasuryCanister } from './treasury-canister.ts';

/** During a rental nothing below `amount` is sent in this token. */
export interface PayoutMinimum {
  readonly ledger: Principal;
  readonly symbol: string;
  readonly decimals: number;
  readonly amount: TokenUnits;
  readonly text: string;
}

/** When and how payouts go out, in numbers and in a sentence. */
export interface PayoutSchedule {
  readonly text: string;
  readonly releaseEveryHours: number;
  readonly holdBackHours: number;
  readonly minReleaseInLedgerFees: bigint;
  readonly accountChangeDelayHours: number;
  readonly maxPauseDays: number;
  readonly minimums: readonly PayoutMinimum[];
}

/** How somebody is paid, as of now. */
export interface PayeeView {
  readonly owner: Principal;
  /** Where payouts go that are planned now. */
  readonly account: Account;
  readonly accountText: string;
  readonly pending: PendingView | undefined;
  readonly pausedUntil: TimestampNs | undefined;
  /** What the payee should not overlook: a change that was asked for, a pause. */
  readonly notices: readonly string[];
  readonly schedule: PayoutSchedule;
}

/** A change of account that did not take effect yet. */
export interface PendingView {
  readonly account: Account;
  readonly accountText: string;
  readonly effectiveAt: TimestampNs;
}

/** The newest tokens are left out where there are more. */
const MAX_TOKENS = 50;

const SCHEDULE_TEXT =
  `While a rental runs, what was earned is paid every ${fees.RELEASE_EVERY_HOURS} hours once it is ` +
  `${fees.HOLD_BACK_HOURS} hours old and at least the minimum of its token; smaller amounts are ` +
  `collected. ${fees.HOLD_BACK_HOURS} hours after the end everything is paid, however small, as long ` +
  `as it is more than the ledger's fee. A new account is used ${fees.PAYOUT_ACCOUNT_DELAY_HOURS} ` +
  `hours after it was asked for. Payouts can be paused for up to ${fees.MAX_PAYOUT_PAUSE_DAYS} days.`;

export function payeeView(
  { runtime, storage }: Pick<TreasuryCanister, 'runtime' | 'storage'>,
  owner: Principal,
): PayeeView {
  const payee = effectivePayee({ payee: storage.payees.get(owner), owner, now: runtime.time() });
  const { account, pending, pausedUntil } = payee;
  const { rows } = storage.tokens.page({ order: 'oldest-first', limit: MAX_TOKENS });
  return {
    owner,
    account,
    accountText: accountText(account),
    pending: pending && { ...pending, accountText: accountText(pending.account) },
    pausedUntil,
    notices: noticesOf(payee),
    schedule: {
      text: SCHEDULE_TEXT,
      releaseEveryHours: fees.RELEASE_EVERY_HOURS,
      holdBackHours: fees.HOLD_BACK_HOURS,
      minReleaseInLedgerFees: fees.MIN_RELEASE_IN_LEDGER_FEES,
      accountChangeDelayHours: fees.PAYOUT_ACCOUNT_DELAY_HOURS,
      maxPauseDays: fees.MAX_PAYOUT_PAUSE_DAYS,
      minimums: rows.map(({ value }) => minimumOf(value)),
    },
  };
}

function minimumOf(token: TokenConfig): PayoutMinimum {
  const { ledger, symbol, decimals } = token;
  const amount = worthSending(token);
  const text = `${formatDecimal({ amount, decimals })} ${symbol}`;
  return { ledger, symbol, decimals, amount, text };
}

function noticesOf({ pending, pausedUntil }: Payee): readonly string[] {
  const notices: string[] = [];
  if (pending !== undefined) {
    notices.push(
      `From ${isoTime(pending.effectiveAt)} on payouts go to ${accountText(pending.account)}. ` +
        'If you did not ask for this, cancel the change now and check who uses your identity.',
    );
  }
  if (pausedUntil !== undefined) {
    notices.push(`Payouts wait until ${isoTime(pausedUntil)}. Refunds to you do not wait.`);
  }
  return notices;
}
