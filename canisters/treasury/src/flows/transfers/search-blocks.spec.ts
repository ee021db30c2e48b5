import { describe, expect, it } from 'vitest';
import { err } from '@decent-cloud/domain/result.ts';
import { QuietWorld } from '../../testing/quiet-world.fake.ts';
import { runTransfer } from './run-transfer.flow.ts';
import { searchBlocks } from './search-blocks.ts';

const SECOND_NS = 1_000_000_000n;
const HOUR_NS = 3_600n * SECOND_NS;

/** A payout that may have executed, and `before` and `after` blocks of others around it. */
async function search(options: {
  readonly before: number;
  readonly after: number;
  readonly isExecuted: boolean;
}) {
  const world = new QuietWorld();
  const other = world.keyOf({ owner: world.controller, subaccount: undefined });
  const fill = (count: number) => {
    for (let done = 0; done < count; done += 1) {
      world.advance(SECOND_NS);
      world.ledger.mint(other, 1n, world.runtime.now);
    }
  };
  await runTransfer(world.canister, world.planDeposit());
  world.end(0n);
  const id = world.planPayout();
  fill(options.before);
  world.twists.push((execute) => {
    if (options.isExecuted) execute();
    return err({ kind: 'rejected', code: 5, message: 'no' });
  });
  await runTransfer(world.canister, id);
  fill(options.after);
  world.ledger.archivedBelow = Math.floor(world.ledger.blocks.length / 2);
  world.calls.length = 0;
  const { status } = world.transfer(id);
  if (status.kind !== 'retry') throw new Error(status.kind);
  const find = () => searchBlocks(world.canister, world.transfer(id), status.args);
  return { world, find };
}

describe('searchBlocks', () => {
  it('reads every block since the transfer was planned, archived or not', async () => {
    const { find, world } = await search({ before: 150, after: 350, isExecuted: false });
    expect(await find()).toEqual({ kind: 'absent', scanFrom: 502n });
    expect(world.calls.length).toBeGreaterThan(5);
  });

  it('finds it wherever it is', async () => {
    for (const [before, after] of [
      [0, 0],
      [120, 0],
      [0, 320],
      [99, 5],
    ] as const) {
      const { find } = await search({ before, after, isExecuted: true });
      expect(await find()).toEqual({ kind: 'found', block: BigInt(before) + 2n });
    }
  });

  it('looks for the time of the transfer first where years of blocks came before', async () => {
    const { find, world } = await search({ before: 20_000, after: 200, isExecuted: true });
    expect(await find()).toEqual({ kind: 'found', block: 20_002n });
    expect(world.calls.length).toBeLessThan(70);
  });

  it('goes on where it was when the ledger stopped answering', async () => {
    const { find, world } = await search({ before: 0, after: 450, isExecuted: false });
    const callsBefore = { probe: 2, archivedPages: 2 * 2 };
    for (let call = 0; call < callsBefore.probe + callsBefore.archivedPages; call += 1) {
      world.twists.push((execute) => execute());
    }
    world.twists.push(() => err({ kind: 'rejected', code: 2, message: 'no' }));
    expect((await find()).kind).toBe('unfinished');
    world.calls.length = 0;
    expect(await find()).toEqual({ kind: 'absent', scanFrom: 452n });
    expect(world.calls).toHaveLength(4);
  });

  it('takes a log that became shorter for no answer', async () => {
    const { find, world } = await search({ before: 10, after: 0, isExecuted: false });
    world.ledger.blocks.length = 1;
    world.advance(HOUR_NS);
    expect(await find()).toMatchObject({ kind: 'unfinished' });
  });
});
