import type { Principal } from '@dfinity/principal';
import { parseBasisPoints, type BasisPoints, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import { parseId, type RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { DurationNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Quote, RentalTerms, SlaCredit, Split } from '../../core/quotes/quote.ts';
import type { TreasuryError } from '../../flows/treasury-errors.ts';
import { blob, count, list, nanoseconds, nat, nat16, nat32 } from '@decent-cloud/kit/wire/wire.ts';
import { optional, principal, record } from '@decent-cloud/kit/wire/wire.ts';

const split = record<Split>({ platformBps: nat16, authorBps: nat16 });
const slaCredit = record<SlaCredit>({ belowPpm: nat32, creditBps: nat16 });

export const terms = record<RentalTerms>({
  rentalId: count,
  draftHash: blob,
  payer: principal,
  ledger: principal,
  totalUsdE8: nat,
  termNs: nanoseconds,
  provider: principal,
  author: optional(principal),
  split,
  noticeNs: nanoseconds,
  provisionWithinNs: nanoseconds,
  slaCredits: list(slaCredit),
  providerPenaltyBps: nat16,
});

export const quote = record<Quote>({
  id: count,
  terms,
  amount: nat,
  ledgerFee: nat,
  minPayout: nat,
  tokenPriceUsdE8: nat,
  priceAt: nanoseconds,
  sourcesHash: blob,
  createdAt: nanoseconds,
  expiresAt: nanoseconds,
  reporter: principal,
  arbiter: principal,
});

export interface WireTerms {
  readonly rental_id: bigint;
  readonly draft_hash: Uint8Array;
  readonly payer: Principal;
  readonly ledger: Principal;
  readonly total_usd_e8: bigint;
  readonly term_ns: bigint;
  readonly provider: Principal;
  readonly author: [] | [Principal];
  readonly split: { readonly platform_bps: number; readonly author_bps: number };
  readonly notice_ns: bigint;
  readonly provision_within_ns: bigint;
  readonly sla_credits: readonly { readonly below_ppm: number; readonly credit_bps: number }[];
  readonly provider_penalty_bps: number;
}

const MAX_SLA_CREDITS = 5;

/** Reads the numbers; whether the terms make sense is decided by the core. */
export function termsFromWire(wire: WireTerms): Result<RentalTerms, TreasuryError> {
  const rentalId = parseId<RentalId>(wire.rental_id);
  if (rentalId.kind === 'err') return refuseNumber('rental_id');
  if (wire.sla_credits.length > MAX_SLA_CREDITS) return refuseNumber('sla_credits');
  const slaCredits: SlaCredit[] = [];
  for (const { below_ppm, credit_bps } of wire.sla_credits) {
    const creditBps = bpsOf(credit_bps);
    if (creditBps === undefined) return refuseNumber('sla_credits');
    slaCredits.push({ belowPpm: below_ppm, creditBps });
  }
  const platformBps = bpsOf(wire.split.platform_bps);
  const authorBps = bpsOf(wire.split.author_bps);
  if (platformBps === undefined || authorBps === undefined) return refuseNumber('split');
  const providerPenaltyBps = bpsOf(wire.provider_penalty_bps);
  if (providerPenaltyBps === undefined) return refuseNumber('provider_penalty_bps');
  return ok({
    rentalId: rentalId.value,
    draftHash: Uint8Array.from(wire.draft_hash),
    payer: wire.payer,
    ledger: wire.ledger,
    totalUsdE8: wire.total_usd_e8 as UsdE8,
    termNs: wire.term_ns as DurationNs,
    provider: wire.provider,
    author: wire.author[0],
    split: { platformBps, authorBps },
    noticeNs: wire.notice_ns as DurationNs,
    provisionWithinNs: wire.provision_within_ns as DurationNs,
    slaCredits,
    providerPenaltyBps,
  });
}

function bpsOf(raw: number): BasisPoints | undefined {
  const bps = parseBasisPoints(raw);
  return bps.kind === 'ok' ? bps.value : undefined;
}

function refuseNumber(argument: string) {
  return invalidArgument({ argument, rule: 'is out of range' });
}
