import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import { ErrorCode, type Response } from '../src/core/types.ts';
import { accountOf } from '../src/system/ledger/core/account.ts';
import type { Execution, Fault } from '../src/system/ledger/faults/fault.ts';
import { FaultError } from '../src/system/ledger/faults/fault.ts';
import { ANY_METHOD } from '../src/system/ledger/faults/ledger-faults.ts';
import { ICRC_METHODS, TransferResult } from '../src/system/ledger/wire/icrc-types.ts';
import { CKBTC_LEDGER_ID, ICP_LEDGER_ID } from '../src/system/system-ids.ts';
import { ledgerClient, type LedgerClient } from '../src/testing/ledger-client.ts';
import { RejectedError } from '../src/testing/pending-call.ts';
import { openWorld, restoreWorld, userPrincipal } from '../src/testing/replica-world.ts';
import type { World } from '../src/testing/world.ts';

const FEE = 10n;
const START = 1_000_000n;
const AMOUNT = 1_000n;
const ALICE = userPrincipal('alice');
const BOB = userPrincipal('bob');
const TO_BOB = { to: accountOf(BOB), amount: AMOUNT };
const SECOND_NS = 1_000_000_000n;

function open(hasIcrc3 = true): { readonly world: World; readonly ledger: LedgerClient } {
  const config = {
    tokenName: 'Token',
    tokenSymbol: 'TKN',
    decimals: 8,
    transferFee: FEE,
    mintingAccount: accountOf(userPrincipal('minter')),
    hasIcrc3,
  };
  const initialBalances = [{ account: accountOf(ALICE), amount: START }];
  const world = openWorld({ tokens: [{ ledgerId: CKBTC_LEDGER_ID, config, initialBalances }] });
  return { world, ledger: ledgerClient(world, CKBTC_LEDGER_ID) };
}

/** What the caller of a transfer sees: the decoded answer, its bytes, or the codes of a reject. */
function seen(response: Response | undefined): unknown {
  if (response === undefined) return 'nothing';
  if (response.kind === 'reject') return { reject: response.code, error: response.errorCode };
  const isCandid = Buffer.from(response.data.subarray(0, 4)).toString() === 'DIDL';
  return isCandid ? IDL.decode([TransferResult], response.data)[0] : response.data;
}

function transferUnder(fault: Fault, order: { readonly fee?: bigint } = {}) {
  const { world, ledger } = open();
  ledger.faults.next('icrc1_transfer', fault);
  const call = ledger.submitTransfer(ALICE, { ...TO_BOB, ...order });
  world.runUntilIdle();
  const bob = (): bigint => ledger.balanceOf(accountOf(BOB));
  return { world, ledger, call, bob, answer: () => seen(call.response()) };
}

const generic = { kind: 'generic-error', errorCode: 7n, message: 'no' } as const;
const genericAnswer = { Err: { GenericError: { error_code: 7n, message: 'no' } } };

describe('a transfer that meets a fault', () => {
  it.each<{ fault: Fault; isExecuted: boolean; answer: unknown }>([
    {
      fault: { kind: 'lost-reply' },
      isExecuted: true,
      answer: { reject: 5, error: ErrorCode.CanisterCalledTrap },
    },
    {
      fault: { kind: 'reject-before', code: 2 },
      isExecuted: false,
      answer: { reject: 2, error: ErrorCode.CanisterQueueFull },
    },
    {
      fault: { kind: 'reject-before', code: 3 },
      isExecuted: false,
      answer: { reject: 3, error: ErrorCode.CanisterNotFound },
    },
    {
      fault: { kind: 'reject-before', code: 4 },
      isExecuted: false,
      answer: { reject: 4, error: ErrorCode.CanisterRejectedMessage },
    },
    {
      fault: { kind: 'reject-before', code: 5 },
      isExecuted: false,
      answer: { reject: 5, error: ErrorCode.CanisterStopped },
    },
    {
      fault: { kind: 'trap-before' },
      isExecuted: false,
      answer: { reject: 5, error: ErrorCode.CanisterCalledTrap },
    },
    {
      fault: { kind: 'temporarily-unavailable' },
      isExecuted: false,
      answer: { Err: { TemporarilyUnavailable: null } },
    },
    { fault: { ...generic, isExecuted: false }, isExecuted: false, answer: genericAnswer },
    { fault: { ...generic, isExecuted: true }, isExecuted: true, answer: genericAnswer },
    { fault: { kind: 'fee-change', fee: 20n }, isExecuted: true, answer: { Ok: 1n } },
    {
      fault: { kind: 'garbage-reply' },
      isExecuted: true,
      answer: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0, 0xff),
    },
    { fault: { kind: 'archive-split' }, isExecuted: true, answer: { Ok: 1n } },
    {
      fault: { kind: 'never-reply', executes: 'at-once' },
      isExecuted: true,
      answer: 'nothing',
    },
    {
      fault: { kind: 'never-reply', executes: 'when-released' },
      isExecuted: false,
      answer: 'nothing',
    },
    { fault: { kind: 'never-reply', executes: 'never' }, isExecuted: false, answer: 'nothing' },
    {
      fault: { kind: 'delay-reply', rounds: 3, executes: 'at-once' },
      isExecuted: true,
      answer: { Ok: 1n },
    },
  ])('$fault: executed $isExecuted', ({ fault, isExecuted, answer: expected }) => {
    const { ledger, bob, answer } = transferUnder(fault);
    expect(answer()).toEqual(expected);
    expect(bob()).toBe(isExecuted ? AMOUNT : 0n);
    expect(ledger.blocks()).toHaveLength(isExecuted ? 2 : 1);
    expect(ledger.faults.counters).toEqual({
      calls: 1,
      executedBlocks: isExecuted ? 1 : 0,
      faults: new Map([[fault.kind, 1]]),
    });
    expect(ledger.faults.armed).toEqual([]);
  });

  it('is told of a fee that changed under it, and pays nothing', () => {
    const { ledger, bob, answer } = transferUnder({ kind: 'fee-change', fee: 20n }, { fee: FEE });
    expect(answer()).toEqual({ Err: { BadFee: { expected_fee: 20n } } });
    expect(bob()).toBe(0n);
    expect(ledger.fee()).toBe(20n);
  });

  it('executes once when a lost reply is retried with its creation time', () => {
    const { world, ledger } = open();
    ledger.faults.next('icrc1_transfer', { kind: 'lost-reply' });
    const order = { ...TO_BOB, createdAtNs: world.timeNs };
    expect(() => ledger.transfer(ALICE, order)).toThrow(RejectedError);
    expect(ledger.transfer(ALICE, order)).toEqual({ Err: { Duplicate: { duplicate_of: 1n } } });
    expect(ledger.balanceOf(accountOf(BOB))).toBe(AMOUNT);
  });

  it('keeps the reason of a call that fails by itself', () => {
    const { world, ledger } = open();
    ledger.faults.next('icrc1_transfer', { kind: 'archive-split' });
    const call = ledger.submitTransfer(BOB, TO_BOB);
    world.settle(call);
    expect(seen(call.response())).toEqual({ Err: { InsufficientFunds: { balance: 0n } } });
  });
});

describe('a call that a ledger holds', () => {
  it.each<{ executes: Execution; answer: unknown; paid: bigint }>([
    { executes: 'at-once', answer: { Ok: 1n }, paid: AMOUNT },
    { executes: 'when-released', answer: { Ok: 1n }, paid: AMOUNT },
    { executes: 'never', answer: { reject: 2, error: ErrorCode.CanisterQueueFull }, paid: 0n },
  ])('goes on when released ($executes)', ({ executes, answer: expected, paid }) => {
    const { world, ledger, bob, answer } = transferUnder({ kind: 'never-reply', executes });
    world.advance(26n * 3_600n * SECOND_NS);
    expect(answer()).toBe('nothing');
    expect(ledger.faults.release()).toBe(1);
    world.runUntilIdle();
    expect(answer()).toEqual(expected);
    expect(bob()).toBe(paid);
    expect(ledger.faults.release()).toBe(0);
  });

  it('releases several at once and leaves others alone', () => {
    const { world, ledger } = open();
    const hang: Fault = { kind: 'never-reply', executes: 'when-released' };
    ledger.faults.next('icrc1_transfer', hang);
    ledger.faults.next('icrc1_transfer', hang);
    const calls = [1n, 2n, 3n].map((amount) => ledger.submitTransfer(ALICE, { ...TO_BOB, amount }));
    world.runUntilIdle();
    expect(calls.map((call) => call.isDone())).toEqual([false, false, true]);
    expect(ledger.faults.release()).toBe(2);
    world.runUntilIdle();
    expect(calls.map((call) => seen(call.response()))).toEqual([
      { Ok: 2n },
      { Ok: 3n },
      { Ok: 1n },
    ]);
  });

  it.each(['at-once', 'when-released'] as const)('comes after its rounds (%s)', (executes) => {
    const { world, ledger } = open();
    ledger.faults.next('icrc1_transfer', { kind: 'delay-reply', rounds: 2, executes });
    const call = ledger.submitTransfer(ALICE, TO_BOB);
    const progress = [1, 2, 3].map(() => {
      world.round();
      return { isDone: call.isDone(), bob: ledger.balanceOf(accountOf(BOB)) };
    });
    const early = executes === 'at-once' ? AMOUNT : 0n;
    expect(progress).toEqual([
      { isDone: false, bob: early },
      { isDone: false, bob: early },
      { isDone: true, bob: AMOUNT },
    ]);
    expect(world.wantsRound()).toBe(false);
  });
});

describe('orders', () => {
  it('are met in their order, each once', () => {
    const { world, ledger } = open();
    ledger.faults.next('icrc1_transfer', { kind: 'temporarily-unavailable' });
    ledger.faults.next(ANY_METHOD, { kind: 'reject-before', code: 2 });
    const answers = [1, 2, 3].map(() => {
      const call = ledger.submitTransfer(ALICE, TO_BOB);
      world.settle(call);
      return seen(call.response());
    });
    expect(answers).toEqual([
      { Err: { TemporarilyUnavailable: null } },
      { reject: 2, error: ErrorCode.CanisterQueueFull },
      { Ok: 1n },
    ]);
  });

  it('spare other methods', () => {
    const { ledger } = open();
    ledger.faults.next('icrc2_transfer_from', { kind: 'temporarily-unavailable' });
    expect(ledger.transfer(ALICE, TO_BOB)).toEqual({ Ok: 1n });
    const spend = { spender: accountOf(BOB), amount: 5_000n };
    expect(ledger.approve(ALICE, spend)).toEqual({ Ok: 2n });
    const order = { from: accountOf(ALICE), to: accountOf(BOB), amount: AMOUNT };
    const refused = { Err: { TemporarilyUnavailable: null } };
    expect(ledger.transferFrom(BOB, order)).toEqual(refused);
    expect(ledger.transferFrom(BOB, order)).toEqual({ Ok: 3n });
    const pair = { from: accountOf(ALICE), spender: accountOf(BOB) };
    expect(ledger.allowance(pair)).toBe(5_000n - AMOUNT - FEE);
  });

  it('are forgotten when cleared', () => {
    const { ledger } = open();
    ledger.faults.next('icrc1_transfer', { kind: 'trap-before' });
    ledger.faults.random({
      seed: 1,
      probabilities: [{ fault: { kind: 'trap-before' }, probability: 1 }],
    });
    ledger.faults.clear();
    expect(ledger.transfer(ALICE, TO_BOB)).toEqual({ Ok: 1n });
  });

  it('reach queries that canisters and updates make, and spare plain queries', () => {
    const { world, ledger } = open();
    ledger.faults.next('icrc1_balance_of', { kind: 'reject-before', code: 2 });
    expect(ledger.balanceOf(accountOf(ALICE))).toBe(START);
    const { argTypes, retTypes: replyTypes } = ICRC_METHODS.icrc1_balance_of;
    const args = [{ owner: ALICE, subaccount: [] }];
    const target = { canisterId: CKBTC_LEDGER_ID, method: 'icrc1_balance_of' };
    const call = { ...target, argTypes, args, replyTypes };
    expect(() => world.caller(ALICE).update(call)).toThrow('reject code 2');
    expect(world.caller(ALICE).update(call)).toBe(START);
  });

  it.each<[string, string, Fault]>([
    ['an unknown method', 'icrc1_teleport', { kind: 'lost-reply' }],
    ['a query that cannot say so', 'icrc1_fee', { kind: 'temporarily-unavailable' }],
    ['an archive split by a query', 'icrc1_fee', { kind: 'archive-split' }],
    ['no rounds', ANY_METHOD, { kind: 'delay-reply', rounds: 0, executes: 'at-once' }],
  ])('are refused for %s', (_, method, fault) => {
    const { ledger } = open();
    expect(() => {
      ledger.faults.next(method, fault);
    }).toThrow(FaultError);
    expect(ledger.faults.armed).toEqual([]);
  });
});

describe('faults by chance', () => {
  const probabilities = [
    { fault: { kind: 'lost-reply' }, probability: 0.2 },
    { fault: { kind: 'temporarily-unavailable' }, probability: 0.3 },
  ] as const;

  function run(
    seed: number,
    callCount: number,
  ): { readonly kinds: string[]; readonly paid: bigint } {
    const { world, ledger } = open();
    ledger.faults.random({ seed, probabilities });
    const kinds = Array.from({ length: callCount }, () => {
      const call = ledger.submitTransfer(ALICE, { ...TO_BOB, amount: 1n });
      world.settle(call);
      const answer = seen(call.response()) as Record<string, unknown>;
      return Object.keys(answer)[0] ?? '';
    });
    const { executedBlocks } = ledger.faults.counters;
    expect(ledger.blocks()).toHaveLength(executedBlocks + 1);
    return { kinds, paid: ledger.balanceOf(accountOf(BOB)) };
  }

  it('come as often as asked, and move money as their kind says', () => {
    const { kinds, paid } = run(3, 1_000);
    const lost = kinds.filter((kind) => kind === 'reject').length;
    const refused = kinds.filter((kind) => kind === 'Err').length;
    expect(lost).toBeGreaterThan(150);
    expect(lost).toBeLessThan(250);
    expect(refused).toBeGreaterThan(240);
    expect(refused).toBeLessThan(360);
    expect(paid).toBe(BigInt(1_000 - refused));
  });

  it('follow from the seed', () => {
    expect(run(5, 50)).toEqual(run(5, 50));
    expect(run(5, 50).kinds).not.toEqual(run(6, 50).kinds);
  });

  it('go on the same way in a restored world', () => {
    const { world, ledger } = open();
    ledger.faults.random({ seed: 4, probabilities });
    ledger.faults.next(ANY_METHOD, { kind: 'delay-reply', rounds: 1, executes: 'when-released' });
    const snapshot = world.snapshot();
    const play = (place: World): unknown[] =>
      Array.from({ length: 30 }, () => {
        const client = ledgerClient(place, CKBTC_LEDGER_ID);
        const call = client.submitTransfer(ALICE, TO_BOB);
        place.settle(call);
        return seen(call.response());
      });
    const restored = restoreWorld(snapshot);
    expect(play(restored)).toEqual(play(world));
    const again = ledgerClient(restored, CKBTC_LEDGER_ID).faults.counters;
    expect(again).toEqual(ledger.faults.counters);
    expect(restored.replica.stateHash()).toEqual(world.replica.stateHash());
  });

  it.each([
    [[{ probability: 0.6 }, { probability: 0.6 }]],
    [[{ probability: -0.1 }]],
    [[{ probability: Number.NaN }]],
  ])('refuse probabilities %j', (list) => {
    const { ledger } = open();
    const fault: Fault = { kind: 'lost-reply' };
    expect(() => {
      ledger.faults.random({
        seed: 1,
        probabilities: list.map(({ probability }) => ({ fault, probability })),
      });
    }).toThrow(FaultError);
  });
});

describe('what an operator does to a ledger', () => {
  it('gives tokens out of nothing', () => {
    const { ledger } = open();
    const to = accountOf(BOB, new Uint8Array(32).fill(7));
    expect(ledger.mint({ to, amount: 55n })).toBe(1n);
    expect(ledger.balanceOf(to)).toBe(55n);
    expect(ledger.totalSupply()).toBe(START + 55n);
    expect(ledger.blocks()[1]?.transaction.operation).toMatchObject({ kind: 'mint', amount: 55n });
  });

  it('changes the fee for later calls; an old fee is refused even for what happened', () => {
    const { world, ledger } = open();
    const order = { ...TO_BOB, fee: FEE, createdAtNs: world.timeNs };
    expect(ledger.transfer(ALICE, order)).toEqual({ Ok: 1n });
    ledger.setFee(25n);
    expect(ledger.transfer(ALICE, order)).toEqual({ Err: { BadFee: { expected_fee: 25n } } });
    expect(ledger.transfer(ALICE, TO_BOB)).toEqual({ Ok: 2n });
    expect(ledger.balanceOf(accountOf(ALICE))).toBe(START - 2n * AMOUNT - FEE - 25n);
  });

  it.each([true, false])('archives blocks, still readable in order (ICRC-3: %s)', (hasIcrc3) => {
    const { world, ledger } = open(hasIcrc3);
    for (let count = 0; count < 250; count += 1) ledger.transfer(ALICE, { ...TO_BOB, amount: 1n });
    const before = ledger.blocks();
    expect(ledger.archiveNow({ keepBlocks: 101n })).toBe(150n);
    expect(ledger.archiveNow({ keepBlocks: 1n })).toBe(100n);
    expect(ledger.archiveNow({ isNewArchive: false })).toBe(1n);
    expect(ledger.archiveNow()).toBe(0n);
    expect(ledger.blocks()).toEqual(before);
    expect(before.map(({ index }) => index)).toEqual(before.map((_, at) => BigInt(at)));
    expect(world.replica.canisterIds()).toHaveLength(3);
    expect(ledger.transfer(ALICE, TO_BOB)).toEqual({ Ok: 251n });
  });
});

describe('the ICP ledger', () => {
  it('fails on order too, where its answers allow', () => {
    const world = openWorld({ system: { faucet: ALICE } });
    const ledger = ledgerClient(world, ICP_LEDGER_ID);
    ledger.faults.next('icrc1_transfer', { kind: 'temporarily-unavailable' });
    const unavailable = { Err: { TemporarilyUnavailable: null } };
    expect(ledger.transfer(ALICE, TO_BOB)).toEqual(unavailable);
    expect(() => {
      ledger.faults.next('transfer', { kind: 'temporarily-unavailable' });
    }).toThrow(FaultError);
    ledger.faults.next('icrc1_transfer', { kind: 'lost-reply' });
    expect(() => ledger.transfer(ALICE, TO_BOB)).toThrow('reject code 5');
    expect(ledger.balanceOf(accountOf(BOB))).toBe(AMOUNT);
    ledger.setFee(99n);
    expect(ledger.transfer(ALICE, { ...TO_BOB, fee: 10_000n })).toEqual({
      Err: { BadFee: { expected_fee: 99n } },
    });
    ledger.mint({ to: accountOf(BOB), amount: 3n });
    expect(ledger.balanceOf(accountOf(BOB))).toBe(AMOUNT + 3n);
    expect(ledger.archiveNow()).toBeGreaterThan(0n);
    const restored = ledgerClient(restoreWorld(world.snapshot()), ICP_LEDGER_ID);
    expect(restored.fee()).toBe(99n);
  });
});
