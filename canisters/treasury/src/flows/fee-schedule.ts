import * as fees from '@decent-cloud/domain/fees.ts';

/** What is taken, how it is rounded and how long things wait, for people and programs. */
export interface FeeSchedule {
  readonly platformFeeBps: number;
  readonly maxAuthorFeeBps: number;
  readonly maxTotalFeeBps: number;
  readonly minReleaseInLedgerFees: bigint;
  readonly quoteLifeMinutes: number;
  readonly priceCollarBps: number;
  readonly releaseEveryHours: number;
  readonly holdBackHours: number;
  readonly factsGraceHours: number;
  readonly disputeDays: number;
  readonly payoutAccountDelayHours: number;
  readonly maxPayoutPauseDays: number;
}

/** The constants that the code itself works with. */
export const FEE_SCHEDULE: FeeSchedule = {
  platformFeeBps: fees.PLATFORM_FEE_BPS,
  maxAuthorFeeBps: fees.MAX_AUTHOR_FEE_BPS,
  maxTotalFeeBps: fees.MAX_TOTAL_FEE_BPS,
  minReleaseInLedgerFees: fees.MIN_RELEASE_IN_LEDGER_FEES,
  quoteLifeMinutes: fees.QUOTE_LIFE_MINUTES,
  priceCollarBps: fees.PRICE_COLLAR_BPS,
  releaseEveryHours: fees.RELEASE_EVERY_HOURS,
  holdBackHours: fees.HOLD_BACK_HOURS,
  factsGraceHours: fees.FACTS_GRACE_HOURS,
  disputeDays: fees.DISPUTE_DAYS,
  payoutAccountDelayHours: fees.PAYOUT_ACCOUNT_DELAY_HOURS,
  maxPayoutPauseDays: fees.MAX_PAYOUT_PAUSE_DAYS,
};
