import {
  DISPUTE_DAYS,
  FACTS_GRACE_HOURS,
  HOLD_BACK_HOURS,
  MAX_PAYOUT_PAUSE_DAYS,
  MIN_RELEASE_IN_LEDGER_FEES,
  PAYOUT_ACCOUNT_DELAY_HOURS,
  QUOTE_LIFE_MINUTES,
  RELEASE_EVERY_HOURS,
} from '@decent-cloud/domain/fees.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';

export const QUOTE_LIFE_NS = durationNs({ minutes: QUOTE_LIFE_MINUTES });
export const HOLD_BACK_NS = durationNs({ hours: HOLD_BACK_HOURS });
export const FACTS_GRACE_NS = durationNs({ hours: FACTS_GRACE_HOURS });
export const RELEASE_EVERY_NS = durationNs({ hours: RELEASE_EVERY_HOURS });
export const DISPUTE_NS = durationNs({ days: DISPUTE_DAYS });
export const PAYOUT_ACCOUNT_DELAY_NS = durationNs({ hours: PAYOUT_ACCOUNT_DELAY_HOURS });
export const MAX_PAYOUT_PAUSE_NS = durationNs({ days: MAX_PAYOUT_PAUSE_DAYS });
export const AUDIT_EVERY_NS = durationNs({ days: 1 });
/** A payout that has to wait is looked at again after this long at the latest. */
export const DEFER_AT_MOST_NS = durationNs({ days: 1 });

export const ALL_BPS = 10_000n;

/** The least that is worth a transfer while more is still to come. */
export function worthSending(costs: {
  readonly fee: TokenUnits;
  readonly minPayout: TokenUnits;
}): TokenUnits {
  const byFee = costs.fee * MIN_RELEASE_IN_LEDGER_FEES;
  return (byFee > costs.minPayout ? byFee : costs.minPayout) as TokenUnits;
}
