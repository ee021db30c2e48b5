import { describe, expect, it } from 'vitest';
import { err, ok } from '@decent-cloud/domain/result.ts';
import type { RejectCode } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { CLEANUP } from '../../testing/fault-network.fake.ts';
import { QuietWorld } from '../../testing/quiet-world.fake.ts';
import { runTransfer } from './run-transfer.flow.ts';

const MINUTE_NS = 60_000_000_000n;
const HOUR_NS = 60n * MINUTE_NS;

const rejected = (code: RejectCode) => err({ kind: 'rejected', code, message: 'no' } as const);
const never = () => new Promise<never>(() => undefined);

/** A world whose escrow holds the deposit and owes 3 % of it to the platform. */
async function funded(options?: ConstructorParameters<typeof QuietWorld>[0]): Promise<QuietWorld> {
  const world = new QuietWorld(options);
  const paid = await runTransfer(world.canister, world.planDeposit());
  expect(paid).toMatchObject({ kind: 'paid' });
  world.end(3_000_000n);
  world.calls.length = 0;
  return world;
}

describe('runTransfer', () => {
  it('takes a deposit into the escrow and pays out of it', async () => {
    const world = await funded({ priceE8: 200_000_000n });
    expect(world.balanceOf(world.escrowAccount)).toBe(100_000_000n);
    const id = world.planPayout();
    expect(await runTransfer(world.canister, id)).toEqual({ kind: 'paid', block: 2n });
    expect(world.balanceOf(world.payee)).toBe(97_000_000n);
    expect(world.balanceOf(world.escrowAccount)).toBe(3_000_000n - 10_000n);
    expect(world.methods).toEqual(['icrc1_transfer']);
    expect(world.transfer(id).status).toMatchObject({ usdE8: 194_000_000n });
  });

  it('does nothing more about what is paid', async () => {
    const world = await funded();
    const id = world.planPayout();
    await runTransfer(world.canister, id);
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'paid' });
    expect(world.methods).toHaveLength(1);
  });

  it('has it in the journal before the call goes out', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.twists.push((execute) => {
      expect(world.transfer(id).status.kind).toBe('in-flight');
      return execute();
    });
    await runTransfer(world.canister, id);
    expect(world.transfer(id).status.kind).toBe('paid');
  });

  it('tells why a deposit surely failed, and the quote can be paid again', async () => {
    const world = new QuietWorld();
    world.ledger.fee = 20_000n;
    const failed = await runTransfer(world.canister, world.planDeposit());
    const refusal = { kind: 'bad-fee', expectedFee: 20_000n };
    expect(failed).toMatchObject({ kind: 'failed', refusal });
    expect(world.canister.storage.tokens.get(world.ledger.id)?.fee).toBe(20_000n);
    const tooLittle = await runTransfer(world.canister, world.planDeposit());
    expect(tooLittle).toMatchObject({ refusal: { kind: 'insufficient-allowance' } });
    expect(world.balanceOf(world.escrowAccount)).toBe(0n);
  });

  it('pays at a new fee at once, which the platform bears as far as it can', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.ledger.fee = 4_000_000n;
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'paid' });
    const { feeFromPayee, amount, lastGeneration } = world.transfer(id);
    expect({ feeFromPayee, amount, lastGeneration }).toEqual({
      ...{ feeFromPayee: 1_000_000n, amount: 96_000_000n, lastGeneration: 2 },
    });
    expect(world.balanceOf(world.escrowAccount)).toBe(0n);
  });

  it('gives a payout up of which a new fee would leave nothing', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.ledger.fee = 200_000_000n;
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'failed' });
    expect(world.balanceOf(world.escrowAccount)).toBe(100_000_000n);
  });

  it('burns for nothing what goes to the minting account, and believes in the fee still', async () => {
    const world = await funded();
    world.ledger.mintingAccount = world.keyOf(world.payee);
    const id = world.planPayout();
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'paid' });
    expect(world.transfer(id).fee).toBe(0n);
    expect(world.canister.storage.tokens.get(world.ledger.id)?.fee).toBe(10_000n);
  });

  it('asks with the same bytes after a reject that says nothing, and counts the duplicate', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.twists.push((execute) => {
      execute();
      return rejected(5);
    });
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'pending' });
    world.advance(HOUR_NS);
    expect(await runTransfer(world.canister, id)).toEqual({ kind: 'paid', block: 2n });
    const [first, second] = world.calls;
    expect(second).toEqual(first);
    expect(world.balanceOf(world.payee)).toBe(97_000_000n);
  });

  it('never asks earlier than it said', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.twists.push(() => rejected(2));
    await runTransfer(world.canister, id);
    world.advance(9_999_999_999n);
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'pending' });
    expect(world.methods).toHaveLength(1);
  });

  it('finds in the blocks what a new fee keeps it from asking for', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.twists.push((execute) => {
      execute();
      return ok(Uint8Array.of(1, 2, 3));
    });
    await runTransfer(world.canister, id);
    world.ledger.fee = 20_000n;
    world.ledger.archivedBelow = world.ledger.blocks.length;
    world.advance(HOUR_NS);
    expect(await runTransfer(world.canister, id)).toEqual({ kind: 'paid', block: 2n });
    expect(world.balanceOf(world.payee)).toBe(97_000_000n);
  });

  it('waits for the end of the window before it pays what the blocks do not have', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.twists.push(() => rejected(6));
    await runTransfer(world.canister, id);
    world.ledger.fee = 20_000n;
    world.advance(HOUR_NS);
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'pending' });
    world.advance(23n * HOUR_NS + 5n * MINUTE_NS);
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'pending' });
    world.advance(1n);
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'paid' });
    expect(world.transfer(id).lastGeneration).toBe(2);
    expect(world.balanceOf(world.payee)).toBe(97_000_000n);
  });

  it('is busy for everybody else while an answer is awaited', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.twists.push(never);
    void runTransfer(world.canister, id);
    world.advance(HOUR_NS);
    expect(await runTransfer(world.canister, id)).toMatchObject({ kind: 'pending' });
    expect(world.methods).toHaveLength(1);
  });

  it('takes the answer as lost after an upgrade', async () => {
    const world = await funded();
    const id = world.planPayout();
    world.twists.push(async (execute) => {
      execute();
      return never();
    });
    void runTransfer(world.canister, id);
    world.upgrade();
    expect(await runTransfer(world.canister, id)).toEqual({ kind: 'paid', block: 2n });
    expect(world.balanceOf(world.payee)).toBe(97_000_000n);
  });

  it('lets the rejection after a trap through, records nothing for it, and recovers', async () => {
    const world = await funded();
    const id = world.planPayout();
    let entries = 0;
    world.twists.push((execute) => {
      execute();
      entries = world.canister.storage.journal.length();
      return Promise.reject(Object.assign(new Error(CLEANUP.rejectMessage), CLEANUP));
    });
    await expect(runTransfer(world.canister, id)).rejects.toMatchObject(CLEANUP);
    expect(world.canister.storage.journal.length()).toBe(entries);
    expect(world.transfer(id).status).toMatchObject({ kind: 'in-flight', isUnknown: false });
    expect(world.canister.memory.live.has(id)).toBe(false);
    world.advance(5n * MINUTE_NS);
    expect(await runTransfer(world.canister, id)).toEqual({ kind: 'paid', block: 2n });
    expect(world.balanceOf(world.payee)).toBe(97_000_000n);
  });
});
