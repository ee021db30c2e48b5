import { Principal } from '@dfinity/principal';
import type { BasisPoints, TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { durationNs, timestampNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import type { RentalTerms } from '../core/quotes/quote.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';

export const HOUR = durationNs({ hours: 1 });
export const DAY = durationNs({ days: 1 });
export const START = timestampNs(1_800_000_000_000_000_000n);

export function somebody(byte: number): Principal {
  return Principal.fromUint8Array(Uint8Array.of(byte, 1));
}

export const who = {
  payer: somebody(1),
  provider: somebody(2),
  author: somebody(3),
  rental: somebody(4),
  arbiter: somebody(5),
  self: somebody(6),
  stranger: somebody(7),
  ledger: somebody(8),
};

export const units = (amount: bigint): TokenUnits => amount as TokenUnits;
export const bps = (share: number): BasisPoints => share as BasisPoints;
export const lasting = (ns: bigint): DurationNs => ns as DurationNs;

/** 30 days for 100 dollars; author 5 %; a penalty of 10 % and two uptime rows. */
export const TERMS: RentalTerms = {
  rentalId: 1 as RentalId,
  draftHash: new Uint8Array(32),
  payer: who.payer,
  ledger: who.ledger,
  totalUsdE8: 10_000_000_000n as UsdE8,
  termNs: durationNs({ days: 30 }),
  provider: who.provider,
  author: who.author,
  split: { platformBps: bps(300), authorBps: bps(500) },
  noticeNs: HOUR,
  provisionWithinNs: durationNs({ hours: 2 }),
  slaCredits: [
    { belowPpm: 999_000, creditBps: bps(500) },
    { belowPpm: 990_000, creditBps: bps(2_500) },
  ],
  providerPenaltyBps: bps(1_000),
};

export const TOKEN: TokenConfig = {
  ledger: who.ledger,
  symbol: 'TST',
  decimals: 8,
  fee: units(10_000n),
  minPayout: units(100_000n),
  hasIcrc3Blocks: true,
  isEnabled: true,
};
