import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { platformAccount } from '../../core/accounts.ts';
import { QuietWorld } from '../../testing/quiet-world.fake.ts';
import { planFeeWithdrawal } from './plan-withdrawal.flow.ts';
import { runTransfer } from './run-transfer.flow.ts';

/** A platform that collected 2 990 000. */
async function collected(): Promise<QuietWorld> {
  const world = new QuietWorld();
  await runTransfer(world.canister, world.planDeposit());
  world.end(3_000_000n);
  const to = platformAccount(world.runtime.self());
  await runTransfer(world.canister, world.planPayout('platform', to));
  return world;
}

function withdraw(world: QuietWorld, amount: bigint | undefined, to = world.payee) {
  const request = { ledger: world.ledger.id, to, amount: amount as TokenUnits | undefined };
  return planFeeWithdrawal(world.canister, request);
}

const refusedAs = (kind: string) => ({ kind: 'err', error: { leaf: { kind } } });

describe('planFeeWithdrawal', () => {
  it('sends everything collected, less the fee, once', async () => {
    const world = await collected();
    const planned = withdraw(world, undefined);
    if (planned.kind === 'err') throw new Error(planned.error.message);
    expect(withdraw(world, 1n)).toMatchObject(refusedAs('busy'));
    await runTransfer(world.canister, planned.value);
    expect(world.balanceOf(world.payee)).toBe(2_980_000n);
    expect(world.balanceOf(platformAccount(world.runtime.self()))).toBe(0n);
    expect(withdraw(world, undefined)).toMatchObject(refusedAs('nothing-to-withdraw'));
  });

  it('takes no more than was collected, and nothing out of an escrow', async () => {
    const world = await collected();
    expect(withdraw(world, 2_980_001n)).toMatchObject(refusedAs('nothing-to-withdraw'));
    expect(withdraw(world, 0n)).toMatchObject(refusedAs('nothing-to-withdraw'));
    expect(withdraw(world, 2_980_000n)).toMatchObject({ kind: 'ok' });
    expect(world.balanceOf(world.escrowAccount)).toBe(97_000_000n);
  });

  it('needs a controller, a token and a receiver who is somebody else', async () => {
    const world = await collected();
    const self = { owner: world.runtime.self(), subaccount: undefined };
    expect(withdraw(world, 1n, self)).toMatchObject(refusedAs('invalid-argument'));
    const nobody = { owner: Principal.anonymous(), subaccount: undefined };
    expect(withdraw(world, 1n, nobody)).toMatchObject(refusedAs('invalid-argument'));
    const request = { ledger: world.controller, to: world.payee, amount: undefined };
    expect(planFeeWithdrawal(world.canister, request)).toMatchObject(refusedAs('unknown-token'));
    world.runtime.callerNow = world.payee.owner;
    expect(withdraw(world, 1n)).toMatchObject(refusedAs('not-allowed'));
  });
});
