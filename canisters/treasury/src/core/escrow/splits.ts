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
 */
export function sharesUpTo(input: {
  readonly split: Split;
  readonly books: Escrow['books'];
  readonly total: TokenUnits;
}): Shares {
  const { books } = input;
  const whole = sharesOf(input.split, input.total);
  const shares = {
    provider: (whole.provider - books.provider.credited) as TokenUnits,
    author: (whole.author - books.author.credited) as TokenUnits,
    platform: (whole.platform - books.platform.credited) as TokenUnits,
  };
  const isRising = shares.provider >= 0n && shares.author >= 0n && shares.platform >= 0n;
  invariant(isRising, 'a credit would be taken back');
  return shares;
}
