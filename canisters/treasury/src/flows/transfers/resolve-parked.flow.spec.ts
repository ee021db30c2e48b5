import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { err } from '@decent-cloud/domain/result.ts';
import type { TransferId } from '../../core/ids.ts';
import { QuietWorld } from '../../testing/quiet-world.fake.ts';
import { resolveParked, type ParkedClaim } from './resolve-parked.flow.ts';
import { runTransfer } from './run-transfer.flow.ts';

const HOUR_NS = 3_600_000_000_000n;
const DAY_NS = 24n * HOUR_NS;

/** A payout that the machine parked; executed or not. */
async function parked(options: {
  readonly isExecuted: boolean;
  readonly hasIcrc3Blocks: boolean;
}): Promise<{ world: QuietWorld; id: TransferId; resolve: Resolve }> {
  const world = new QuietWorld(options);
  await runTransfer(world.canister, world.planDeposit());
  world.end(0n);
  const id = world.planPayout();
  world.twists.push((execute) => {
    if (options.isExecuted) execute();
    return err({ kind: 'rejected', code: 6, message: 'no' });
  });
  await runTransfer(world.canister, id);
  world.record({ kind: 'transfer-parked', transferId: id, reason: 'a test says so' });
  const resolve = (claim: ParkedClaim) => resolveParked(world.canister, { transferId: id, claim });
  return { world, id, resolve };
}
type Resolve = (claim: ParkedClaim) => ReturnType<typeof resolveParked>;

const PAID_IN_2: ParkedClaim = { kind: 'paid', block: 2n };
const PAID: ParkedClaim = { kind: 'paid', block: undefined };
const REPLAN: ParkedClaim = { kind: 'replan' };
const refusedProof = { kind: 'err', error: { leaf: { kind: 'proof-refused' } } };

describe('resolveParked', () => {
  it('needs a controller', async () => {
    const { world, resolve } = await parked({ isExecuted: true, hasIcrc3Blocks: true });
    world.runtime.callerNow = Principal.fromUint8Array(Uint8Array.of(1));
    expect(await resolve(PAID_IN_2)).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
  });

  it('believes in a block that the ledger shows, and in no other', async () => {
    const { world, resolve, id } = await parked({ isExecuted: true, hasIcrc3Blocks: true });
    for (const block of [0n, 1n, 99n, undefined]) {
      expect(await resolve({ kind: 'paid', block })).toMatchObject(refusedProof);
    }
    expect(world.transfer(id).status.kind).toBe('parked');
    expect(await resolve(PAID_IN_2)).toMatchObject({ value: { kind: 'paid', block: 2n } });
    expect(world.canister.storage.books.get(world.ledger.id)?.parkedCount).toBe(0);
  });

  it('plans nothing again that the blocks have', async () => {
    const { world, resolve } = await parked({ isExecuted: true, hasIcrc3Blocks: true });
    expect(await resolve(REPLAN)).toMatchObject(refusedProof);
    world.advance(2n * DAY_NS);
    expect(await resolve(REPLAN)).toMatchObject({ value: { kind: 'paid', block: 2n } });
    expect(world.balanceOf(world.payee)).toBe(99_990_000n);
  });

  it('pays again what the blocks do not have once the window is over', async () => {
    const { world, resolve, id } = await parked({ isExecuted: false, hasIcrc3Blocks: true });
    expect(await resolve(PAID_IN_2)).toMatchObject(refusedProof);
    expect(await resolve(REPLAN)).toMatchObject(refusedProof);
    world.advance(2n * DAY_NS);
    expect(await resolve(REPLAN)).toMatchObject({ value: { kind: 'paid' } });
    expect(world.transfer(id).lastGeneration).toBe(2);
    expect(world.balanceOf(world.payee)).toBe(99_990_000n);
  });

  it.each([true, false])('asks the balance where there are no blocks (%s)', async (isExecuted) => {
    const { world, resolve } = await parked({ isExecuted, hasIcrc3Blocks: false });
    world.ledger.mint(world.keyOf(world.escrowAccount), 77n, world.runtime.now);
    const [truth, lie] = isExecuted ? [PAID, REPLAN] : [REPLAN, PAID];
    expect(await resolve(truth)).toMatchObject(refusedProof);
    world.advance(2n * DAY_NS);
    expect(await resolve(lie)).toMatchObject(refusedProof);
    expect(await resolve(truth)).toMatchObject({ value: { kind: 'paid' } });
    expect(world.balanceOf(world.payee)).toBe(99_990_000n);
  });

  it('changes nothing while the ledger does not answer', async () => {
    const { world, resolve, id } = await parked({ isExecuted: true, hasIcrc3Blocks: true });
    world.twists.push(() => err({ kind: 'rejected', code: 2, message: 'no' }));
    expect(await resolve(PAID_IN_2)).toMatchObject({
      error: { kind: 'temporary', leaf: { kind: 'ledger-unavailable' } },
    });
    expect(world.transfer(id).status.kind).toBe('parked');
  });

  it('gives a deposit up that the ledger does not have', async () => {
    const world = new QuietWorld();
    const transferId = world.planDeposit();
    world.twists.push(() => err({ kind: 'rejected', code: 6, message: 'no' }));
    await runTransfer(world.canister, transferId);
    world.record({ kind: 'transfer-parked', transferId, reason: 'a test says so' });
    world.advance(2n * DAY_NS);
    const resolved = await resolveParked(world.canister, { transferId, claim: REPLAN });
    expect(resolved).toMatchObject({ value: { kind: 'failed' } });
    expect(world.methods.filter((method) => method === 'icrc2_transfer_from')).toHaveLength(1);
  });

  it('is for parked transfers only', async () => {
    const world = new QuietWorld();
    const transferId = world.planDeposit();
    const early = await resolveParked(world.canister, { transferId, claim: REPLAN });
    expect(early).toMatchObject({ error: { leaf: { kind: 'wrong-phase' } } });
    const none = { transferId: 99 as TransferId, claim: REPLAN };
    expect(await resolveParked(world.canister, none)).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
  });
});
