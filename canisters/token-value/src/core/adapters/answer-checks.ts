import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { SampleRejection } from '../samples/sample.ts';
import { ONE_E18, type RatioE18 } from '../units.ts';

/** An answer that carries a time may be this old. */
const ANSWER_AGE_SECONDS_MAX = 900n;

const CLOCK_SKEW_SECONDS_MAX = 120n;
const NS_PER_SECOND = 1_000_000_000n;
const DETAIL_CHARS_MAX = 200;
/** Below, a price has fewer than six digits left; above, it is of nothing that exists. */
const RATIO_MIN = 1_000_000n;
const RATIO_MAX = ONE_E18 * ONE_E18;

/** `numerator` / `denominator` as a price, if it is one. */
export function ratioOf(fraction: {
  readonly numerator: bigint;
  readonly denominator: bigint;
}): Result<RatioE18, SampleRejection> {
  const { numerator, denominator } = fraction;
  if (denominator <= 0n) return err({ kind: 'absurd-price' });
  const ratio = (numerator * ONE_E18) / denominator;
  const isPrice = ratio >= RATIO_MIN && ratio <= RATIO_MAX;
  return isPrice ? ok(ratio as RatioE18) : err({ kind: 'absurd-price' });
}

/** Refuses an answer whose own time is not about the time of asking. */
export function checkAge(answer: {
  readonly timestampSeconds: bigint;
  readonly atNs: TimestampNs;
}): Result<undefined, SampleRejection> {
  const ageSeconds = answer.atNs / NS_PER_SECOND - answer.timestampSeconds;
  const isRecent = ageSeconds <= ANSWER_AGE_SECONDS_MAX && ageSeconds >= -CLOCK_SKEW_SECONDS_MAX;
  return isRecent ? ok(undefined) : err({ kind: 'old-answer', ageSeconds });
}

/** A refusal in the source's own words, cut to what is worth storing. */
export function sourceError(detail: string): SampleRejection {
  return { kind: 'source-error', detail: shortDetail(detail) };
}

/** Text of somebody else, cut to what is worth storing. */
export function shortDetail(detail: string): string {
  return detail.slice(0, DETAIL_CHARS_MAX);
}

/** 10 to the power of `decimals`. */
export function tenTo(decimals: number): bigint {
  return 10n ** BigInt(decimals);
}
