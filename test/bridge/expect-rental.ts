import { expect } from 'vitest';
import { okOf } from '../../scripts/start/demo/demo-calls.ts';
import { processesIn } from './world/machine-processes.ts';
import type { BridgeWorld } from './world/bridge-world.ts';
import type { WorldRental } from './world/world-rental.ts';

const PAGE = 50;

/** All that was paid for it is on the renter's account again, but for the ledger's own fee. */
export async function expectAllBack(rental: WorldRental): Promise<void> {
  const { escrow, afterPayment, now } = await rental.money();
  const { payer, provider, author, platform } = escrow.books;
  expect(escrow.deposited).toBeGreaterThan(0n);
  expect(payer).toMatchObject({ credited: escrow.deposited, open: 0n });
  expect(payer.paid + payer.fees).toBe(escrow.deposited);
  expect(now - afterPayment).toBe(payer.paid);
  for (const party of [provider, author, platform]) expect(party.credited).toBe(0n);
}

/** The treasury has of every token exactly what its books say. */
export async function expectSolvent({ network }: BridgeWorld): Promise<void> {
  const { treasury } = network.operator;
  const page = { from: [] as [], limit: PAGE, newest_first: false };
  const { rows } = okOf('tokens', await treasury.list_tokens(page));
  expect(rows.length).toBeGreaterThan(0);
  for (const { value } of rows) {
    const { symbol, difference, shortfall } = okOf(
      'solvency',
      await treasury.solvency(value.ledger),
    );
    expect({ symbol, difference, shortfall }).toEqual({ symbol, difference: 0n, shortfall: 0n });
  }
}

/** Of its machine nothing is left: no server that is paid for, no process. */
export function expectNothingRuns(world: BridgeWorld, rental: WorldRental): void {
  expect(rental.server()).toBeUndefined();
  for (const { id } of rental.servers()) {
    expect(processesIn(world.cloud.folderOf(id))).toEqual([]);
  }
}

/** Its one machine runs; without that the absence of processes would say nothing. */
export function expectMachineRuns(world: BridgeWorld, rental: WorldRental): void {
  const server = rental.server();
  expect(server?.status).toBe('running');
  expect(processesIn(world.cloud.folderOf(server?.id ?? 0)).length).toBeGreaterThan(0);
}
