import { setTimeout as sleep } from 'node:timers/promises';
import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import { StartError } from '../start-error.ts';
import { okOf, type PersonsCalls } from './demo-calls.ts';
import type { PaidRental } from './rent-demo.ts';

const POLL_MS = 1_000;
const PATIENCE_MS = 10 * 60_000;

/**
 * Cancels a rental and waits until its machine is confirmed gone; says what goes back. The money of a
 * rental that has started is settled later, when nothing can be disputed any more.
 */
export async function endRental(
  { rental, treasury }: PersonsCalls,
  { rentalId, escrowId, token }: PaidRental,
): Promise<string> {
  const { refund_if_cancelled_now: refund } = okOf('escrow', await treasury.get_escrow(escrowId));
  okOf('cancel', await rental.cancel_rental(rentalId));
  const untilMs = Date.now() + PATIENCE_MS;
  while (Date.now() < untilMs) {
    const { state } = okOf('rental', await rental.get_rental(rentalId)).rental;
    const isGone =
      'Closed' in state || ('Ending' in state && state.Ending.machine_gone_at_ns.length > 0);
    if (isGone) {
      const back = formatDecimal({ amount: refund, decimals: token.decimals });
      return `cancelled, the server is deleted, ${back} ${token.symbol} go back`;
    }
    await sleep(POLL_MS);
  }
  throw new StartError(
    `The server of rental ${rentalId.toString()} is not deleted yet: look at the cloud's console, and ` +
      'start again, so that the bridges can delete it.',
  );
}
