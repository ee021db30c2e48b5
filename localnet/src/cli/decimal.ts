import { UsageError } from './usage-error.ts';

const SHOWN_DECIMALS_MIN = 2;

/** Reads `12.5` as base units. Errors: `UsageError` for anything but a number above 0 that fits. */
export function parseDecimal(
  text: string,
  number: { readonly what: string; readonly decimals: number },
): bigint {
  const { what, decimals } = number;
  const match = /^(\d{1,24})(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? '';
  if (match?.[1] === undefined) throw new UsageError(`${what} must be a number, not "${text}"`);
  if (fraction.length > decimals) {
    throw new UsageError(`${what} has at most ${decimals} decimals, unlike "${text}"`);
  }
  const units = BigInt(match[1] + fraction.padEnd(decimals, '0'));
  if (units === 0n) throw new UsageError(`${what} must be above 0`);
  return units;
}

/** `1250000` with 6 decimals → `1.25`; two decimals at least. */
export function formatDecimal(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${whole}.${fraction.padEnd(SHOWN_DECIMALS_MIN, '0')}`;
}
