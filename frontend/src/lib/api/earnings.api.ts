import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import { listSoldRentals } from './seller.api.ts';
import type { Rental, Treasury } from './wire.ts';

type Caller = Pick<Actors, 'rental' | 'treasury'>;

/** So many of the newest rentals are looked at; what is older is settled as a rule. */
const WATCHED = 20;
const PERIODS = 20;

/** A rental whose money is not settled yet, with its paid periods. */
export interface EarningRental {
  readonly row: Rental.RentalRow;
  readonly escrows: readonly Treasury.Escrow[];
}

/** Of the newest rentals those that still earn, or have not paid out everything. */
export async function readEarningRentals(caller: Caller): Promise<readonly EarningRental[]> {
  const { rows } = await listSoldRentals(caller, { from: undefined, limit: WATCHED });
  const open = rows.filter(({ state }) => !('Closed' in state));
  return Promise.all(
    open.map(async (row) => {
      const page = { from: [] as [], limit: PERIODS, newest_first: true };
      const answer = await caller.treasury.list_escrows_of_rental(row.rental_id, page);
      return { row, escrows: okOf(answer).rows.map(({ value }) => value) };
    }),
  );
}
