import { divCeil, formatDecimal } from '@decent-cloud/domain/amount.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';

const MINUTE_NS = 60_000_000_000n;
const HOUR_NS = 60n * MINUTE_NS;
const DAY_NS = 24n * HOUR_NS;
/** A month is 30 days, here and in every canister. */
const MONTH_NS = 30n * DAY_NS;
const MAX_DIGITS = 6;
const HUNDREDTHS = 100n;

export type TermUnit = 'hours' | 'days' | 'months';

/** The units that a term is typed in, the shortest first. */
const TERM_UNITS: readonly TermUnit[] = ['hours', 'days', 'months'];

const UNIT_NS: Readonly<Record<TermUnit, bigint>> = {
  hours: HOUR_NS,
  days: DAY_NS,
  months: MONTH_NS,
};

/** What an offer says about length and price. Times in nanoseconds, US dollars × 10^8 for 30 days. */
export interface TermRule {
  readonly minNs: bigint;
  readonly maxNs: bigint;
  readonly pricePerMonthUsdE8: bigint;
  /** What a renter pays for at least, once the machine has started. */
  readonly noticeNs: bigint;
}

/** What somebody typed. */
export interface TypedTerm {
  readonly count: string;
  readonly unit: TermUnit;
}

/** What a term costs, and what would come back. US dollars × 10^8. */
export interface TermCost {
  readonly termNs: bigint;
  readonly totalUsdE8: bigint;
  /** Back if it is cancelled as soon as it runs; before that all of it comes back. */
  readonly refundableUsdE8: bigint;
}

/** The term in nanoseconds, or what is wrong with it in words. */
export function parseTerm({ count, unit }: TypedTerm, rule: TermRule): Result<bigint, string> {
  const text = count.trim();
  if (!/^\d+$/.test(text) || text.length > MAX_DIGITS) {
    return err(`Type a whole number of ${unit}.`);
  }
  const termNs = BigInt(text) * UNIT_NS[unit];
  if (termNs < rule.minNs)
    return err(`The shortest term of this offer is ${lengthText(rule.minNs)}.`);
  if (termNs > rule.maxNs)
    return err(`The longest term of this offer is ${lengthText(rule.maxNs)}.`);
  return ok(termNs);
}

/** Rounded up to the smallest part, exactly as the rental canister does. */
export function priceOfTerm(price: {
  readonly pricePerMonthUsdE8: bigint;
  readonly termNs: bigint;
}): bigint {
  return divCeil({ dividend: price.pricePerMonthUsdE8 * price.termNs, divisor: MONTH_NS });
}

/** The price of an hour, a day and a month of 30 days. */
export function pricesOf(
  pricePerMonthUsdE8: bigint,
): Readonly<Record<'hour' | 'day' | 'month', bigint>> {
  return {
    hour: priceOfTerm({ pricePerMonthUsdE8, termNs: HOUR_NS }),
    day: priceOfTerm({ pricePerMonthUsdE8, termNs: DAY_NS }),
    month: pricePerMonthUsdE8,
  };
}

/** What a term costs in all, and what comes back of it for a cancel right after the start. */
export function costOf(termNs: bigint, rule: TermRule): TermCost {
  const { pricePerMonthUsdE8, noticeNs } = rule;
  const totalUsdE8 = priceOfTerm({ pricePerMonthUsdE8, termNs });
  const keptNs = noticeNs < termNs ? noticeNs : termNs;
  const kept = priceOfTerm({ pricePerMonthUsdE8, termNs: keptNs });
  return { termNs, totalUsdE8, refundableUsdE8: kept < totalUsdE8 ? totalUsdE8 - kept : 0n };
}

/** Units in which the offer has at least one term. */
export function unitsOf({ minNs, maxNs }: Pick<TermRule, 'minNs' | 'maxNs'>): readonly TermUnit[] {
  return TERM_UNITS.filter((unit) => {
    const size = UNIT_NS[unit];
    const first = divCeil({ dividend: minNs, divisor: size });
    return (first < 1n ? 1n : first) * size <= maxNs;
  });
}

/** A term to begin with: a month, or what of it the offer allows. */
export function firstTerm({ minNs, maxNs }: Pick<TermRule, 'minNs' | 'maxNs'>): TypedTerm {
  const units = unitsOf({ minNs, maxNs });
  const wanted = minNs > MONTH_NS ? minNs : maxNs < MONTH_NS ? maxNs : MONTH_NS;
  const unit = units.findLast((one) => UNIT_NS[one] <= wanted) ?? 'hours';
  const size = UNIT_NS[unit];
  const least = divCeil({ dividend: minNs, divisor: size });
  const count = wanted / size < least ? least : wanted / size;
  return { count: count.toString(), unit };
}

/** A length as people say it, exact to the minute: `30 days`, `12 hours`, `1.5 hours`, `45 minutes`. */
export function lengthText(ns: bigint): string {
  if (ns % DAY_NS === 0n && ns > 0n) return counted(ns / DAY_NS, 'day');
  if (ns % HOUR_NS === 0n && ns > 0n) return counted(ns / HOUR_NS, 'hour');
  if (ns > HOUR_NS) {
    const amount = (ns * HUNDREDTHS) / HOUR_NS;
    return `${formatDecimal({ amount, decimals: 2 })} hours`;
  }
  return counted(ns / MINUTE_NS, 'minute');
}

function counted(count: bigint, unit: string): string {
  return `${count.toString()} ${unit}${count === 1n ? '' : 's'}`;
}
