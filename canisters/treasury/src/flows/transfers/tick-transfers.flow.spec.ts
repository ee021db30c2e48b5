import { describe, expect, it } from 'vitest';
import type { Principal } from '@dfinity/principal';
import { QuietWorld } from '../../testing/quiet-world.fake.ts';
import { LEDGER } from '../../testing/transfer.fake.ts';
import type { TransferId } from '../../core/ids.ts';
import { LiveTransfers, ledgerKey } from './live-transfers.ts';
import { runTransfer } from './run-transfer.flow.ts';
import { tickTransfers } from './tick-transfers.flow.ts';

const WATCHDOG_NS = 300_000_000_000n;
const never = () => new Promise<never>(() => undefined);

async function fireAll(world: QuietWorld): Promise<void> {
  while (await world.timers.fireNext());
}

describe('tickTransfers', () => {
  it('leaves alone what is not due', () => {
    const world = new QuietWorld();
    world.planDeposit();
    expect(tickTransfers(world.canister)).toEqual({ started: 0, isMore: false });
  });

  it('takes up what nobody runs, in a message of its own', async () => {
    const world = new QuietWorld();
    const id = world.planDeposit();
    world.advance(WATCHDOG_NS);
    expect(tickTransfers(world.canister)).toEqual({ started: 1, isMore: false });
    expect(world.calls).toEqual([]);
    await fireAll(world);
    expect(world.transfer(id).status.kind).toBe('paid');
  });

  it('may overlap itself', async () => {
    const world = new QuietWorld();
    world.planDeposit();
    world.advance(WATCHDOG_NS);
    tickTransfers(world.canister);
    tickTransfers(world.canister);
    await fireAll(world);
    expect(world.methods).toEqual(['icrc2_transfer_from']);
  });

  it('leaves what awaits an answer alone until an upgrade', async () => {
    const world = new QuietWorld();
    const id = world.planDeposit();
    world.twists.push(never);
    void runTransfer(world.canister, id);
    world.advance(WATCHDOG_NS);
    expect(tickTransfers(world.canister).started).toBe(0);
    world.upgrade();
    expect(tickTransfers(world.canister).started).toBe(1);
    await fireAll(world);
    expect(world.transfer(id).status.kind).toBe('paid');
  });
});

describe('LiveTransfers', () => {
  function live(count: number, ledger: Principal): LiveTransfers {
    const transfers = new LiveTransfers();
    for (let id = 0; id < count; id += 1) {
      void transfers.during({ id: id as TransferId, ledger }, never);
    }
    return transfers;
  }

  it('keeps room for others when one ledger stalls', () => {
    const stalled = live(10, LEDGER);
    const other = new QuietWorld().controller;
    expect(stalled.hasRoom(LEDGER, new Map())).toBe(false);
    expect(stalled.hasRoom(other, new Map())).toBe(true);
    expect(live(9, LEDGER).hasRoom(LEDGER, new Map())).toBe(true);
    expect(live(9, LEDGER).hasRoom(LEDGER, new Map([[ledgerKey(LEDGER), 1]]))).toBe(false);
  });

  it('bounds all together', () => {
    const other = new QuietWorld().controller;
    expect(live(10, LEDGER).hasRoom(other, new Map([['x', 9]]))).toBe(true);
    expect(live(10, LEDGER).hasRoom(other, new Map([['x', 10]]))).toBe(false);
  });
});
