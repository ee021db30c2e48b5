import { describe, expect, it } from 'vitest';
import type { RentalId } from './ids.ts';
import { compareServers, type Booked } from './strays.ts';

const rental = (id: number): RentalId => id as RentalId;

function server(externalId: string, rentalId?: number) {
  return {
    externalId,
    name: `dc-test-${externalId}`,
    rentalId: rentalId === undefined ? undefined : rental(rentalId),
  };
}

function booked(rentalId: number, more: Partial<Booked> = {}): Booked {
  return { rentalId: rental(rentalId), isActive: true, externalId: undefined, ...more };
}

describe('compareServers', () => {
  it('leaves alone what a rental owns', () => {
    const compared = compareServers([server('a', 1)], [booked(1, { externalId: 'a' })]);
    expect(compared).toEqual({ strays: [], missing: [] });
  });

  it.each([
    ['no rental has that number', server('a', 9), []],
    ['its rental has no server yet', server('a', 1), [booked(1)]],
    ['its label is no number', server('a'), []],
    ['the rental has another server', server('a', 1), [booked(1, { externalId: 'b' })]],
  ])('asks about a server if %s', (_why, listed, books) => {
    expect(compareServers([listed], books).strays).toEqual([listed]);
  });

  it('misses the server of an active rental', () => {
    const books = [booked(1, { externalId: 'a' }), booked(2, { externalId: 'b', isActive: false })];
    expect(compareServers([], books).missing).toEqual([{ rentalId: 1, externalId: 'a' }]);
  });
});
