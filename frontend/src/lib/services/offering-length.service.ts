import { formatDecimal, parseDecimal } from '@decent-cloud/domain/amount.ts';

/** A length of time as it is typed. */
export interface TypedLength {
  count: string;
  unit: LengthUnit;
}

export type LengthUnit = 'seconds' | 'minutes' | 'hours' | 'days';

const SECOND_NS = 1_000_000_000n;
const UNIT_NS: Readonly<Record<LengthUnit, bigint>> = {
  days: 86_400n * SECOND_NS,
  hours: 3_600n * SECOND_NS,
  minutes: 60n * SECOND_NS,
  seconds: SECOND_NS,
};
const LARGEST_FIRST = Object.keys(UNIT_NS) as LengthUnit[];
/** Exact for seconds: a nanosecond is the smallest. */
const DECIMALS = 9;
const SCALE = 10n ** 9n;

/** The length in the largest unit that it is a whole number of; exact. */
export function typedLength(ns: bigint): TypedLength {
  const unit =
    ns === 0n ? 'hours' : (LARGEST_FIRST.find((one) => ns % UNIT_NS[one] === 0n) ?? 'seconds');
  const amount = (ns * SCALE) / UNIT_NS[unit];
  return { count: formatDecimal({ amount, decimals: DECIMALS }), unit };
}

/** In nanoseconds; undefined if it is no number. `1.5 hours` are 90 minutes. */
export function lengthNs({ count, unit }: TypedLength): bigint | undefined {
  const parsed = parseDecimal({ text: count.trim(), decimals: DECIMALS });
  return parsed.kind === 'ok' ? (parsed.value * UNIT_NS[unit]) / SCALE : undefined;
}
