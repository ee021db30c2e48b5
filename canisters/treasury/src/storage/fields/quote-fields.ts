import type { BasisPoints, TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Fields } from '@decent-cloud/kit/values/field.ts';
import {
  bigint,
  bytes,
  list,
  number,
  optional,
  plainAs,
  principal,
  record,
} from '@decent-cloud/kit/values/field.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { Quote, RentalTerms, SlaCredit, Split } from '../../core/quotes/quote.ts';

const bps = plainAs<BasisPoints>();
const time = bigint<TimestampNs>();
const duration = bigint<DurationNs>();

const splitFields: Fields<Split> = { platformBps: bps, authorBps: bps };
const slaFields: Fields<SlaCredit> = { belowPpm: number, creditBps: bps };

const termsFields: Fields<RentalTerms> = {
  rentalId: plainAs<RentalId>(),
  draftHash: bytes,
  payer: principal,
  ledger: principal,
  totalUsdE8: bigint<UsdE8>(),
  termNs: duration,
  provider: principal,
  author: optional(principal),
  split: record(splitFields),
  noticeNs: duration,
  provisionWithinNs: duration,
  slaCredits: list(record(slaFields)),
  providerPenaltyBps: bps,
};

export const quoteFields: Fields<Quote> = {
  id: plainAs<EscrowId>(),
  terms: record(termsFields),
  amount: bigint<TokenUnits>(),
  ledgerFee: bigint<TokenUnits>(),
  minPayout: bigint<TokenUnits>(),
  tokenPriceUsdE8: bigint<UsdE8>(),
  priceAt: time,
  sourcesHash: bytes,
  createdAt: time,
  expiresAt: time,
  reporter: principal,
  arbiter: principal,
};
