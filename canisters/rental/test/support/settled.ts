import { expect } from 'vitest';
import type { Escrow } from '../../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { wasmOf } from '../../../token-value/test/support/price-canister.ts';
import { expectMoneyRight } from './money.ts';
import { rentalOf, stateOf, Worker } from './rent.ts';
import { HOUR_NS, MINUTE_NS, type RentalWorld } from './rental-world.ts';

const HOLD_BACK_NS = 48n * HOUR_NS;
const ALL_BPS = 10_000n;
const PLATFORM_BPS = 300n;

/** Replaces the code of the treasury by itself, as an operator would. */
export function upgradeTreasury({ world, treasuryId }: RentalWorld): void {
  world.complete(world.stop(treasuryId));
  expect(world.upgrade({ canisterId: treasuryId, wasm: wasmOf('treasury') }).kind).toBe('ok');
  world.start(treasuryId);
  world.runUntilIdle();
}

/** The worker says that the machine is gone; then it takes only time until everything is paid. */
export function expectCloses(r: RentalWorld, rentalId: bigint, cause: string): void {
  expect(stateOf(r, rentalId)).toBe('Ending');
  r.world.elapse(MINUTE_NS);
  Worker.claim(r, 'Terminate').gone();
  r.world.advance(HOLD_BACK_NS);
  for (let waits = 0; stateOf(r, rentalId) !== 'Closed'; waits += 1) {
    expect(waits).toBeLessThan(12);
    r.world.advance(HOUR_NS);
    r.world.elapse(MINUTE_NS);
  }
  expect(rentalOf(r, rentalId).state).toMatchObject({
    Closed: { ending: { cause: { [cause]: null } } },
  });
  expectMoneyRight(r);
}

/** How much of the paid time counts, and what of its price goes back all the same. */
interface Used {
  readonly usedNs: bigint;
  readonly termNs: bigint;
  readonly authorBps: bigint;
  readonly givenBackBps?: bigint;
}

/** Everybody got exactly their part of an escrow that is closed. */
export function expectShared(escrow: Escrow, used: Used): void {
  const { usedNs, termNs, authorBps, givenBackBps = 0n } = used;
  const amount = escrow.deposited;
  const vested = (amount * usedNs) / termNs;
  const net = (vested * (ALL_BPS - givenBackBps)) / ALL_BPS;
  const author = (net * authorBps) / ALL_BPS;
  const platform = (net * PLATFORM_BPS) / ALL_BPS;
  expect(escrow.phase).toHaveProperty('Closed');
  expect(creditsOf(escrow)).toEqual({
    payer: amount - net,
    provider: net - author - platform,
    author,
    platform,
  });
}

export function creditsOf({ books: { payer, provider, author, platform } }: Escrow) {
  return {
    payer: payer.credited,
    provider: provider.credited,
    author: author.credited,
    platform: platform.credited,
  };
}
