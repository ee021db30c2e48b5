import { describe, expect, it } from 'vitest';
import { RENTER } from './support/market.ts';
import { okOf } from './support/ok-of.ts';
import { active, rentalOf, stateOf, Worker } from './support/rent.ts';
import { DAY_NS, MINUTE_NS, rentalWorld } from './support/rental-world.ts';

describe('a rental', () => {
  it('is paid, made, used, cancelled and refunded', () => {
    const r = rentalWorld();
    const before = r.balance(RENTER);
    const { rentalId, escrowId, amount } = active(r);
    expect(stateOf(r, rentalId)).toBe('Active');
    r.world.elapse(MINUTE_NS);
    expect(r.escrow(escrowId).phase).toMatchObject({ Running: {} });
    okOf(r.as(RENTER).cancel_rental(rentalId));
    expect(stateOf(r, rentalId)).toBe('Ending');
    r.world.elapse(MINUTE_NS);
    Worker.claim(r, 'Terminate').gone();
    expect(rentalOf(r, rentalId).state).toMatchObject({ Ending: { machine_gone_at_ns: [{}] } });
    expect(before - r.balance(RENTER)).toBeLessThan(amount / 10n);
    r.world.advance(3n * DAY_NS);
    r.world.elapse(30n * MINUTE_NS);
    expect(stateOf(r, rentalId)).toBe('Closed');
  });
});
