import { readEscrow, readEscrowTransfers, readToken } from '../api/escrow.api.ts';
import type { Rental, Treasury } from '../api/wire.ts';
import { app } from './app.state.svelte.ts';

/** The paid periods of a rental, as the treasury has them. */
export class RentalMoney {
  escrows = $state.raw<readonly Treasury.Escrow[]>([]);
  transfers = $state.raw<readonly Treasury.Transfer[]>([]);
  token = $state.raw<Treasury.Token>();
  readAtMs = $state(0);

  /** Periods that were only quoted have no money. */
  async read({ rental, terms }: Rental.RentalView): Promise<void> {
    const { actors } = app;
    const paid = rental.periods.filter(({ status }) => !('Quoted' in status || 'Lapsed' in status));
    const isConfirming = 'AwaitingPayment' in rental.state;
    const ids = (isConfirming ? rental.periods : paid).map(({ escrow_id: id }) => id);
    this.token ??= await readToken(actors, terms.ledger);
    const escrows = await Promise.all(ids.map((id) => readEscrow(actors, id)));
    const transfers = await Promise.all(ids.map((id) => readEscrowTransfers(actors, id)));
    this.escrows = escrows;
    this.transfers = transfers.flat();
    this.readAtMs = Date.now();
  }
}
