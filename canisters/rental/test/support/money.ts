import { present } from '@decent-cloud/domain/assert.ts';
import type { Escrow } from '../../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { AUTHOR, RENTER, SELLER } from './market.ts';
import { okOf } from './ok-of.ts';
import { approvalsIn } from './rent.ts';
import { FEE_E8S, FUNDS_E8S, LEDGER, STRANGER, type RentalWorld } from './rental-world.ts';

const MAX_ESCROWS = 50;

/** Every escrow of the world that was ever paid. */
export function paidEscrows(r: RentalWorld): readonly Escrow[] {
  const ids = BigUint64Array.from({ length: MAX_ESCROWS }, (_, id) => BigInt(id));
  const briefs = okOf(r.treasury(STRANGER).escrow_briefs(ids));
  return briefs
    .flatMap(([brief]) => (brief === undefined || brief.deposited === 0n ? [] : [brief.escrow_id]))
    .map(r.escrow);
}

/**
 * All money on the ledger is where the treasury's books say, to the unit, and the books are what the
 * journal says: each escrow's account, the sums of the token, and what renter, seller and author have
 * got or lost since the world began. Throws what is wrong.
 */
export function expectMoneyRight(r: RentalWorld): void {
  const escrows = paidEscrows(r);
  for (const escrow of escrows) checkEscrow(r, escrow);
  const anybody = r.treasury(STRANGER);
  const { troubles } = okOf(anybody.check_invariants(0n, 200));
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
  const { difference, shortfall, parked_count } = okOf(anybody.solvency(LEDGER));
  expectSame('difference', { is: difference, must: 0n });
  expectSame('shortfall', { is: shortfall, must: 0n });
  expectSame('parked', { is: parked_count, must: 0n });

  const sum = (part: (escrow: Escrow) => bigint) =>
    escrows.reduce((total, escrow) => total + part(escrow), 0n);
  const fees = FEE_E8S * (approvalsIn(r) + BigInt(escrows.length));
  const lost = sum(({ deposited, books }) => deposited - books.payer.paid) + fees;
  expectSame('the renter', { is: r.balance(RENTER), must: FUNDS_E8S - lost });
  const earned = sum(({ books }) => books.provider.paid);
  expectSame('the seller', { is: r.balance(SELLER), must: FUNDS_E8S + earned });
  const shared = sum(({ books }) => books.author.paid);
  expectSame('the author', { is: r.balance(AUTHOR), must: FUNDS_E8S + shared });
}

function checkEscrow(r: RentalWorld, { escrow_id: id, ...escrow }: Escrow): void {
  const { troubles, checked } = okOf(r.treasury(STRANGER).check_escrow(id));
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
  if (checked === 0n) throw new Error(`nothing is known about escrow ${id.toString()}`);
  const proof = okOf(r.treasury(STRANGER).verify_escrow(id));
  if (!proof.is_at_rest) throw new Error(`escrow ${id.toString()} is not at rest`);
  expectSame('on the ledger', { is: proof.on_ledger, must: proof.books });
  const { payer, provider, author, platform } = escrow.books;
  const books = [payer, provider, author, platform];
  const credited = books.reduce((total, book) => total + book.credited, 0n);
  expectSame('credited', { is: credited + escrow.held, must: escrow.deposited });
  const gone = books.reduce((total, { paid, fees, open }) => total + paid + fees + open, 0n);
  expectSame('accounted for', { is: gone, must: credited });
}

function expectSame(what: string, { is, must }: { readonly is: bigint; readonly must: bigint }) {
  if (is !== must) throw new Error(`${what}: ${is.toString()} and not ${must.toString()}`);
}

/** The one escrow of a world in which one thing was paid. */
export function onlyEscrow(r: RentalWorld): Escrow {
  const [first, ...others] = paidEscrows(r);
  if (others.length > 0) throw new Error('more than one escrow was paid');
  return present(first, 'nothing was paid');
}
