import type { PayoutLine, PayoutState } from '../../core/payees/payout-line.ts';
import type {
  PayeeView,
  PayoutMinimum,
  PayoutSchedule,
  PendingView,
} from '../../flows/payee-view.ts';
import { account } from './config-wire.ts';
import { party } from './transfer-wire.ts';
import {
  blob,
  count,
  list,
  literals,
  nanoseconds,
  nat,
  nat16,
  nat8,
  optional,
} from '@decent-cloud/kit/wire/wire.ts';
import { principal, record, text } from '@decent-cloud/kit/wire/wire.ts';

const pending = record<PendingView>({ account, accountText: text, effectiveAt: nanoseconds });

const minimum = record<PayoutMinimum>({
  ledger: principal,
  symbol: text,
  decimals: nat8,
  amount: nat,
  text,
});

const schedule = record<PayoutSchedule>({
  text,
  releaseEveryHours: nat16,
  holdBackHours: nat16,
  minReleaseInLedgerFees: nat,
  accountChangeDelayHours: nat16,
  maxPauseDays: nat16,
  minimums: list(minimum),
});

export const payee = record<PayeeView>({
  owner: principal,
  account,
  accountText: text,
  pending: optional(pending),
  pausedUntil: optional(nanoseconds),
  notices: list(text),
  schedule,
});

const payoutState = literals<PayoutState>([
  'paid',
  'on-its-way',
  'being-looked-up',
  'not-sent',
  'needs-a-look',
]);

export const payout = record<PayoutLine>({
  transferId: count,
  escrowId: count,
  rentalId: count,
  party,
  ledger: principal,
  symbol: text,
  decimals: nat8,
  to: account,
  amount: nat,
  feeBorne: nat,
  plannedAt: nanoseconds,
  paidAt: optional(nanoseconds),
  state: payoutState,
  status: text,
  block: optional(nat),
  memo: optional(blob),
  usdE8: optional(nat),
});
