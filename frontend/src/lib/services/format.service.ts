import { formatDecimal } from '@decent-cloud/domain/amount.ts';

const USD_DECIMALS = 8;
const NS_PER_MS = 1_000_000n;
const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time of a canister as the milliseconds that `Date` takes. */
export function msOfNs(ns: bigint): number {
  return Number(ns / NS_PER_MS);
}

/** US dollars × 10^8 as people write them: `$5.93`, `$0.0042` below a cent's tenth, grouped. */
export function usdText(e8: bigint, digits?: number): string {
  const isSmall = e8 !== 0n && e8 < 1_000_000n && e8 > -1_000_000n;
  const decimals = digits ?? (isSmall ? 4 : 2);
  return `${e8 < 0n ? '−' : ''}$${roundedText(abs(e8), USD_DECIMALS, decimals)}`;
}

export interface TokenAmount {
  readonly amount: bigint;
  readonly decimals: number;
  readonly symbol: string;
}

/** The exact amount with its symbol: `4.871203 ckUSDC`. */
export function tokenText({ amount, decimals, symbol }: TokenAmount): string {
  const exact = formatDecimal({ amount: abs(amount), decimals });
  const [whole = '', fraction] = exact.split('.');
  const grouped = grouped3(whole);
  return `${amount < 0n ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`} ${symbol}`;
}

/** A length of time in its two largest units: `3 h 12 min`, `45 s`, `2 d`. */
export function durationText(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const units: readonly (readonly [number, string])[] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
  ];
  const parts: string[] = [];
  let rest = total;
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count > 0) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** How long ago, or how far away: `3 min ago`, `in 2 h`, `just now`. */
export function relativeText(atMs: number, nowMs: number): string {
  const seconds = Math.round((atMs - nowMs) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 5) return 'just now';
  const [unit] = durationText(distance).split(/(?<=[a-z]) /);
  return seconds < 0 ? `${unit ?? ''} ago` : `in ${unit ?? ''}`;
}

/** Millionths as a percentage with three decimals, cut, never rounded up to 100: `99.998 %`. */
export function ppmText(ppm: number): string {
  return `${(Math.floor(ppm / 10) / 1000).toFixed(3)} %`;
}

/** Hundredths of a percent: `2.5 %`. */
export function bpsText(bps: number): string {
  return `${bps / 100} %`;
}

function roundedText(amount: bigint, from: number, to: number): string {
  const unit = 10n ** BigInt(from - to);
  const rounded = (amount + unit / 2n) / unit;
  const digits = rounded.toString().padStart(to + 1, '0');
  const whole = digits.slice(0, digits.length - to);
  return `${grouped3(whole)}${to === 0 ? '' : `.${digits.slice(digits.length - to)}`}`;
}

function grouped3(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ',');
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
