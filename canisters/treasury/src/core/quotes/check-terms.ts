import type { Principal } from '@dfinity/principal';
import {
  MAX_AUTHOR_FEE_BPS,
  MAX_TOTAL_FEE_BPS,
  PLATFORM_FEE_BPS,
} from '@decent-cloud/domain/fees.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import type { RentalTerms, SlaCredit } from './quote.ts';

export interface TermsRefusal {
  readonly argument:
    | 'draft_hash'
    | 'payer'
    | 'total_usd_e8'
    | 'term_ns'
    | 'provider'
    | 'author'
    | 'split'
    | 'notice_ns'
    | 'provision_within_ns'
    | 'sla_credits'
    | 'provider_penalty_bps';
  readonly rule: string;
}

const HASH_BYTES = 32;
const MAX_BPS = 10_000;
const MAX_PPM = 1_000_000;
const MAX_SLA_ROWS = 5;
const MIN_TERM_NS = durationNs({ hours: 1 });
const MAX_TERM_NS = durationNs({ days: 366 });
const MIN_PROVISION_NS = durationNs({ minutes: 5 });
/** An extension is paid while the period before it still runs: up to a month, and a day to spare. */
const MAX_PROVISION_NS = durationNs({ days: 32 });
/** Ten million US dollars: beyond any rental, far below what arithmetic or ledgers cannot hold. */
const MAX_TOTAL_USD_E8 = 10n ** 15n;

/** Checks everything that is frozen in a quote, before it is frozen. */
export function checkTerms(terms: RentalTerms): Result<RentalTerms, TermsRefusal> {
  return (
    checkParties(terms) ??
    checkSplit(terms) ??
    checkTimes(terms) ??
    checkPromises(terms) ??
    ok(terms)
  );
}

type Refused = Result<never, TermsRefusal> | undefined;

function checkParties(terms: RentalTerms): Refused {
  if (terms.draftHash.length !== HASH_BYTES) {
    return refuse('draft_hash', `must be ${HASH_BYTES} bytes of SHA-256`);
  }
  if (terms.payer.isAnonymous()) return refuse('payer', 'must be signed in');
  if (terms.provider.isAnonymous()) return refuse('provider', 'must be signed in');
  if (terms.totalUsdE8 <= 0n || terms.totalUsdE8 > MAX_TOTAL_USD_E8) {
    return refuse('total_usd_e8', 'must be more than 0 and at most 10 million dollars');
  }
  return undefined;
}

function checkSplit(terms: RentalTerms): Refused {
  const { platformBps, authorBps } = terms.split;
  if (platformBps !== PLATFORM_FEE_BPS) {
    return refuse('split', `the platform takes ${PLATFORM_FEE_BPS} basis points`);
  }
  if (!isWhole(authorBps, { from: 0, to: MAX_AUTHOR_FEE_BPS })) {
    return refuse('split', `the author takes at most ${MAX_AUTHOR_FEE_BPS} basis points`);
  }
  if (platformBps + authorBps > MAX_TOTAL_FEE_BPS) {
    return refuse('split', `platform and author take at most ${MAX_TOTAL_FEE_BPS} basis points`);
  }
  return checkAuthor(terms.author, authorBps);
}

function checkAuthor(author: Principal | undefined, authorBps: number): Refused {
  if ((author === undefined) !== (authorBps === 0)) {
    return refuse('author', 'must be named exactly if an author takes a share');
  }
  return author?.isAnonymous() === true ? refuse('author', 'must be signed in') : undefined;
}

function checkTimes(terms: RentalTerms): Refused {
  const { termNs, noticeNs, provisionWithinNs } = terms;
  if (termNs < MIN_TERM_NS || termNs > MAX_TERM_NS) {
    return refuse('term_ns', 'must be 1 hour to 366 days');
  }
  if (noticeNs < 0n || noticeNs > termNs) {
    return refuse('notice_ns', 'must be at most the term');
  }
  if (provisionWithinNs < MIN_PROVISION_NS || provisionWithinNs > MAX_PROVISION_NS) {
    return refuse('provision_within_ns', 'must be 5 minutes to 32 days');
  }
  return undefined;
}

function checkPromises(terms: RentalTerms): Refused {
  if (!isWhole(terms.providerPenaltyBps, { from: 0, to: MAX_BPS })) {
    return refuse('provider_penalty_bps', `must be a whole number up to ${MAX_BPS}`);
  }
  const { slaCredits } = terms;
  if (slaCredits.length > MAX_SLA_ROWS) {
    return refuse('sla_credits', `must be at most ${MAX_SLA_ROWS} rows`);
  }
  const isSound = slaCredits.every((row, index) => followsOn(row, slaCredits[index - 1]));
  return isSound
    ? undefined
    : refuse('sla_credits', 'a row with a lower uptime comes later and gives at least as much');
}

function followsOn(row: SlaCredit, before: SlaCredit | undefined): boolean {
  const belowAtMost = before === undefined ? MAX_PPM : before.belowPpm - 1;
  return (
    isWhole(row.belowPpm, { from: 1, to: belowAtMost }) &&
    isWhole(row.creditBps, { from: before?.creditBps ?? 0, to: MAX_BPS })
  );
}

function isWhole(value: number, range: { readonly from: number; readonly to: number }): boolean {
  return Number.isInteger(value) && value >= range.from && value <= range.to;
}

function refuse(argument: TermsRefusal['argument'], rule: string): Result<never, TermsRefusal> {
  return err({ argument, rule });
}
