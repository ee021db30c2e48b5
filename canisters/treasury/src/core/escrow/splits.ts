import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { invariant } from '@decent-cloud/domain/assert.ts';
import type { Split } from '../quotes/quote.ts';
import type { Escrow } from './escrow.ts';
import { ALL_BPS } from './limits.ts';

export interface Shares {
  readonly provider: TokenUnits;
  readonly author: TokenUnits;
  readonly platform: TokenUnits;
}

/** Divides `total`, exactly: author and platform are rounded down, the provider gets the rest. */
export function sharesOf(split: Split, total: TokenUnits): Shares {
  const author = (total * BigInt(split.authorBps)) / ALL_BPS;
  const platform = (total * BigInt(split.platformBps)) / ALL_BPS;
  return {
    provider: (total - author - platform) as TokenUnits,
    author: author as TokenUnits,
    platform: platform as TokenUnits,
  };
}

/**
 * What each is still to be credited so that all that was ever credited is the split of `total`.
 * Rounding never adds up over many releases, because shares are taken of the sum, not of each.
 *
 * One unit more in all can round both other shares up and so the provider's down. What was credited is
 * never taken back: then the platform waits for that unit until the sum has grown.
 */
export function sharesUpTo(input: {
  readonly split: Split;
  readonly books: Escrow['books'];
  readonly total: TokenUnits;
}): Shares {
  const { books } = input;
  const whole = sharesOf(input.split, input.total);
  const owed = whole.provider - books.provider.credited;
  const lent = owed < 0n ? -owed : 0n;
  const shares = {
    provider: (owed + lent) as TokenUnits,
    author: (whole.author - books.author.credited) as TokenUnits,
    platform: (whole.platform - books.platform.credited - lent) as TokenUnits,
  };
  const isRising = lent <= 1n && shares.author >= 0n && shares.platform >= 0n;
  invariant(isRising, 'a credit would be taken back');
  return shares;
}
