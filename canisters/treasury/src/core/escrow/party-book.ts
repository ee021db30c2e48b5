import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { Credits } from '../events.ts';
import type { Escrow, Party, PartyBook } from './escrow.ts';

/** In the order in which they are paid. */
export const PARTIES: readonly Party[] = ['payer', 'provider', 'author', 'platform'];

const ZERO = 0n as TokenUnits;

export const NO_CREDITS: Credits = { payer: ZERO, provider: ZERO, author: ZERO, platform: ZERO };

const EMPTY_BOOK: PartyBook = { credited: ZERO, paid: ZERO, fees: ZERO };

export const EMPTY_BOOKS: Escrow['books'] = {
  payer: EMPTY_BOOK,
  provider: EMPTY_BOOK,
  author: EMPTY_BOOK,
  platform: EMPTY_BOOK,
};

/** Owed and not paid yet. */
export function openOf(book: PartyBook): TokenUnits {
  return (book.credited - book.paid - book.fees) as TokenUnits;
}

export function addCredits(books: Escrow['books'], credits: Credits): Escrow['books'] {
  return {
    payer: credit(books.payer, credits.payer),
    provider: credit(books.provider, credits.provider),
    author: credit(books.author, credits.author),
    platform: credit(books.platform, credits.platform),
  };
}

function credit(book: PartyBook, amount: TokenUnits): PartyBook {
  return { ...book, credited: (book.credited + amount) as TokenUnits };
}

export function sumOf(credits: Credits): TokenUnits {
  return (credits.payer + credits.provider + credits.author + credits.platform) as TokenUnits;
}

/** What provider, author and platform together were credited: the part that counts as vested. */
export function earnedOf(escrow: Escrow): TokenUnits {
  const { provider, author, platform } = escrow.books;
  return (provider.credited + author.credited + platform.credited) as TokenUnits;
}

/** The part of the deposit that nobody was credited yet. */
export function undecidedOf(escrow: Escrow): TokenUnits {
  return (escrow.deposited - earnedOf(escrow) - escrow.books.payer.credited) as TokenUnits;
}

/** What the ledger must hold in the escrow's subaccount by confirmed blocks, donations apart. */
export function balanceOf(escrow: Escrow): TokenUnits {
  const { payer, provider, author, platform } = escrow.books;
  const spent = [payer, provider, author, platform].reduce(
    (sum, book) => sum + book.paid + book.fees,
    0n,
  );
  return (escrow.deposited - spent) as TokenUnits;
}
