import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { Escrow } from '../escrow/escrow.ts';
import { balanceOf, openOf, sumOf, undecidedOf } from '../escrow/party-book.ts';
import type { Credits } from '../events.ts';
import type { TokenBook } from './token-book.ts';

const ZERO = 0n as TokenUnits;

export function emptyBook(ledger: Principal): TokenBook {
  return {
    ledger,
    escrow: ZERO,
    owed: ZERO,
    fees: ZERO,
    collected: ZERO,
    booked: ZERO,
    surplus: ZERO,
    shortfall: ZERO,
    platformSurplus: 0n,
    platformAuditedAt: undefined,
    escrowsAuditedAt: undefined,
    livePlatformPayouts: 0,
    liveWithdrawal: undefined,
    parkedCount: 0,
    openEscrowCount: 0,
    exposure: [],
  };
}

type Sum = 'escrow' | 'owed' | 'fees' | 'collected' | 'booked';

/** Adds to sums; what is taken is negative. */
export function addTo(book: TokenBook, changes: Partial<Record<Sum, bigint>>): TokenBook {
  const add = (sum: Sum): TokenUnits => (book[sum] + (changes[sum] ?? 0n)) as TokenUnits;
  return {
    ...book,
    escrow: add('escrow'),
    owed: add('owed'),
    fees: add('fees'),
    collected: add('collected'),
    booked: add('booked'),
  };
}

/** What was undecided is owed now, or the platform's. */
export function withCredits(book: TokenBook, credits: Credits): TokenBook {
  const { platform } = credits;
  const all = sumOf(credits);
  return addTo(book, { escrow: 0n - all, owed: all - platform, fees: platform });
}

/** Replaces what an audit of one account found before by what it found now. */
export function withSurplus(
  book: TokenBook,
  found: { readonly before: bigint; readonly now: bigint },
): TokenBook {
  const surplus = book.surplus - above(found.before) + above(found.now);
  const shortfall = book.shortfall - above(-found.before) + above(-found.now);
  return { ...book, surplus: surplus as TokenUnits, shortfall: shortfall as TokenUnits };
}

function above(amount: bigint): bigint {
  return amount > 0n ? amount : 0n;
}

/** One escrow's part of the sums of its token. */
export type EscrowSums = Pick<TokenBook, 'escrow' | 'owed' | 'fees' | 'booked'>;

/**
 * The part that an escrow has in the sums, from its own books. The platform's collected part is in
 * `fees` of the token, but not in any escrow.
 */
export function sumsOf(escrow: Escrow): EscrowSums {
  const { payer, provider, author, platform } = escrow.books;
  return {
    escrow: undecidedOf(escrow),
    owed: (openOf(payer) + openOf(provider) + openOf(author)) as TokenUnits,
    fees: openOf(platform),
    booked: balanceOf(escrow),
  };
}
