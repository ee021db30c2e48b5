import type { EscrowProof } from '../../flows/audits/verify-escrow.flow.ts';
import type { FeeSchedule } from '../../flows/fee-schedule.ts';
import type { Solvency } from '../../flows/solvency.ts';
import { account } from './config-wire.ts';
import {
  bool,
  count,
  int,
  nanoseconds,
  nat,
  nat16,
  nat8,
  optional,
} from '@decent-cloud/kit/wire/wire.ts';
import { principal, record, text } from '@decent-cloud/kit/wire/wire.ts';

export const solvency = record<Solvency>({
  ledger: principal,
  symbol: text,
  decimals: nat8,
  ledgerBalance: int,
  escrow: nat,
  owed: nat,
  fees: nat,
  difference: int,
  surplus: nat,
  shortfall: nat,
  parkedCount: count,
  openEscrowCount: count,
  escrowsAuditedAt: optional(nanoseconds),
  platformAuditedAt: optional(nanoseconds),
});

export const escrowProof = record<EscrowProof>({
  escrowId: count,
  ledger: principal,
  account,
  books: nat,
  onLedger: nat,
  difference: int,
  isAtRest: bool,
  readAt: nanoseconds,
});

export const feeSchedule = record<FeeSchedule>({
  platformFeeBps: nat16,
  maxAuthorFeeBps: nat16,
  maxTotalFeeBps: nat16,
  minReleaseInLedgerFees: nat,
  quoteLifeMinutes: nat16,
  priceCollarBps: nat16,
  releaseEveryHours: nat16,
  holdBackHours: nat16,
  factsGraceHours: nat16,
  disputeDays: nat16,
  payoutAccountDelayHours: nat16,
  maxPayoutPauseDays: nat16,
});
