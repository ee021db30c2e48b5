import type { Branded } from './brand.ts';
import { invariant } from './assert.ts';
import { err, ok, type Result } from './result.ts';

/** A token amount in the token's smallest unit; the token and its decimals are context. */
export type TokenUnits = Branded<bigint, 'TokenUnits'>;
/** US dollars times 10^8. */
export type UsdE8 = Branded<bigint, 'UsdE8'>;
/** Cycles, the Internet Computer's fuel. */
export type Cycles = Branded<bigint, 'Cycles'>;
/** Any amount of this file. */
export type Amount = TokenUnits | UsdE8 | Cycles;

/** Hundredths of a percent, 0 to 10 000. */
export type BasisPoints = Branded<number, 'BasisPoints'>;

/** Text that is not an amount, and why. */
export type InvalidAmount =
  | { readonly kind: 'not-a-number'; readonly text: string }
  | { readonly kind: 'too-many-decimals'; readonly text: string; readonly decimals: number }
  | { readonly kind: 'negative' };

/** A share that is not between 0 % and 100 %. */
export interface InvalidBasisPoints {
  readonly kind: 'invalid-basis-points';
  readonly raw: number;
}

const DECIMAL = /^(\d{1,60})(?:\.(\d{1,60}))?$/;
const MAX_BASIS_POINTS = 10_000;

/** Checks that an amount is not negative and brands it. The expected type chooses the unit. */
export function parseAmount<T extends Amount>(raw: bigint): Result<T, InvalidAmount> {
  return raw >= 0n ? ok(raw as T) : err({ kind: 'negative' });
}

/** Checks a share. `parseBasisPoints(250)` is 2.5 %. */
export function parseBasisPoints(raw: number): Result<BasisPoints, InvalidBasisPoints> {
  const isShare = Number.isInteger(raw) && raw >= 0 && raw <= MAX_BASIS_POINTS;
  return isShare ? ok(raw as BasisPoints) : err({ kind: 'invalid-basis-points', raw });
}

/**
 * Reads what a person typed: digits with at most `decimals` after one dot, no sign, no exponent,
 * no grouping. `parseDecimal({ text: '1.5', decimals: 8 })` is 150 000 000. Never rounds.
 */
export function parseDecimal<T extends Amount>(input: {
  readonly text: string;
  readonly decimals: number;
}): Result<T, InvalidAmount> {
  const match = DECIMAL.exec(input.text);
  if (match === null) return err({ kind: 'not-a-number', text: input.text });
  const fraction = match[2] ?? '';
  if (fraction.length > input.decimals) return err({ kind: 'too-many-decimals', ...input });
  return ok(BigInt((match[1] ?? '') + fraction.padEnd(input.decimals, '0')) as T);
}

/** The exact decimal text without trailing zeros: 150 000 000 with 8 decimals is `1.5`. */
export function formatDecimal(input: {
  readonly amount: bigint;
  readonly decimals: number;
}): string {
  const { amount, decimals } = input;
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

/** Quotient rounded towards minus infinity. Throws on division by zero. */
export function divFloor(division: {
  readonly dividend: bigint;
  readonly divisor: bigint;
}): bigint {
  const { dividend, divisor } = division;
  invariant(divisor !== 0n, 'division by zero');
  const quotient = dividend / divisor;
  const isInexactAndNegative = dividend % divisor !== 0n && dividend < 0n !== divisor < 0n;
  return isInexactAndNegative ? quotient - 1n : quotient;
}

/** Quotient rounded towards plus infinity. Throws on division by zero. */
export function divCeil(division: { readonly dividend: bigint; readonly divisor: bigint }): bigint {
  return -divFloor({ dividend: -division.dividend, divisor: division.divisor });
}
