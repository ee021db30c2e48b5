import { gzipSync } from 'node:zlib';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineNative } from '../src/core/define-native.ts';
import { NATIVE_WAIT, type NativeContext, type NativeProgram } from '../src/core/native.ts';
import { ErrorCode, RejectCode, type Reject } from '../src/core/types.ts';
import { accountOf } from '../src/system/ledger/core/account.ts';
import type { Fault } from '../src/system/ledger/faults/fault.ts';
import { TransferArg } from '../src/system/ledger/wire/icrc-types.ts';
import { CKBTC } from '../src/system/tokens.ts';
import { ledgerClient } from '../src/testing/ledger-client.ts';
import { RejectedError } from '../src/testing/pending-call.ts';
import { openWorld, restoreWorld, userPrincipal } from '../src/testing/replica-world.ts';
import type { World } from '../src/testing/world.ts';
import { azleSubjectWasm } from './fixtures/invariants/build-azle.ts';
import { SUBJECT } from './fixtures/invariants/subject.ts';

const SECOND_NS = 1_000_000_000n;
const HOUR_NS = 3_600n * SECOND_NS;
const ALICE = userPrincipal('alice');
const PEER_ID = Principal.fromText('mxzaz-hqaaa-aaaar-qaada-cai');
const NO_ARG = new Uint8Array(IDL.encode([], []));

/** As generated declarations have it. */
interface Subject {
  readonly state: () => Promise<{ heap: number; stored: number; locked: boolean }>;
  readonly upgrades: () => Promise<number>;
  readonly change: (amount: number) => Promise<number>;
  readonly changeThenTrap: (amount: number) => Promise<undefined>;
  readonly forward: (to: Principal, method: string, arg: Uint8Array) => Promise<Uint8Array>;
  readonly refuseUpgrade: (stage: number) => Promise<undefined>;
}

const subjectFactory = (): IDL.ServiceClass => {
  const { state, upgrades, change, changeThenTrap, forward, refuseUpgrade } = SUBJECT;
  return IDL.Service({ state, upgrades, change, changeThenTrap, forward, refuseUpgrade });
};

const PeerService = IDL.Service({
  hang: IDL.Func([], [], []),
  let_go: IDL.Func([], [], []),
  echo: IDL.Func([], [], []),
});

/** A canister that can leave calls open, and whose timer is due every hour. */
function peerProgram(firesNs: bigint[], startNs: bigint): NativeProgram {
  let dueNs = startNs + HOUR_NS;
  return defineNative({
    programId: 'peer',
    candid: '',
    service: PeerService,
    handlers: {
      *hang() {
        yield NATIVE_WAIT;
      },
      let_go: (context: NativeContext) => {
        context.resumeWaiting();
      },
      echo: () => undefined,
    },
    save: () => new Uint8Array(0),
    load: () => undefined,
    nextTimerNs: () => dueNs,
    onTimer: (context) => {
      firesNs.push(context.timeNs);
      dueNs = context.timeNs + HOUR_NS;
    },
  });
}

let wasm: Uint8Array;

beforeAll(async () => {
  wasm = gzipSync(await azleSubjectWasm());
});

function open(roundMessages?: number) {
  const world = openWorld(roundMessages === undefined ? {} : { limits: { roundMessages } });
  const canisterId = world.install({ wasm });
  world.runUntilIdle();
  const firesNs: bigint[] = [];
  world.installNative(PEER_ID, peerProgram(firesNs, world.timeNs));
  const subject = world.actor<Subject>(canisterId, subjectFactory, ALICE);
  const submit = world.submitter<Subject>(canisterId, subjectFactory, ALICE);
  return { world, canisterId, subject, submit, firesNs };
}

function rejectOf(run: () => unknown): Reject {
  try {
    run();
  } catch (error) {
    if (error instanceof RejectedError) return error.reject;
    throw error;
  }
  throw new Error('was not rejected');
}

function letGo(world: World): void {
  const call = { canisterId: PEER_ID, method: 'let_go', argTypes: [], args: [], replyTypes: [] };
  world.caller(ALICE).update(call);
}

describe('an in-process world', () => {
  it('runs calls to their end and gives plain values', () => {
    const { subject } = open();
    expect(subject.change(3)).toBe(3);
    expect(subject.state()).toEqual({ heap: 3, stored: 3, locked: false });
  });

  it('throws the reject of a failed call with its codes', () => {
    const { subject } = open();
    expect(rejectOf(() => subject.changeThenTrap(3))).toMatchObject({
      code: RejectCode.CanisterError,
      errorCode: ErrorCode.CanisterCalledTrap,
    });
    expect(subject.state().heap).toBe(0);
  });

  it('answers a call to nobody with the refusal at the door', () => {
    const { world } = open();
    const call = { canisterId: userPrincipal('none'), method: 'x', arg: NO_ARG };
    const pending = world.submit(ALICE, call, (reply) => reply);
    expect(pending.response()).toMatchObject({ errorCode: ErrorCode.CanisterNotFound });
  });

  it('runs one message a round if told so, and an upgrade between call and answer', () => {
    const { world, canisterId, subject, submit } = open(1);
    const pending = submit.forward(PEER_ID, 'echo', NO_ARG);
    world.round();
    const upgrade = world.submitUpgrade({ canisterId, wasm });
    world.round();
    expect([pending.isDone(), upgrade.isDone()]).toEqual([false, false]);
    world.round();
    expect([pending.isDone(), upgrade.isDone()]).toEqual([false, true]);
    expect(subject.upgrades()).toBe(1);
  });

  it('keeps a stop pending while a call is open', () => {
    const { world, canisterId, subject, submit } = open();
    const pending = submit.forward(PEER_ID, 'hang', NO_ARG);
    const stop = world.stop(canisterId);
    world.runUntilIdle();
    expect([pending.isDone(), stop.isDone()]).toEqual([false, false]);
    expect(() => world.settle(stop)).toThrow('nothing is left to run');
    letGo(world);
    expect(world.settle(stop).kind).toBe('reply');
    expect(pending.response()?.kind).toBe('reply');
    expect(world.upgrade({ canisterId, wasm })).toEqual({ kind: 'ok' });
    world.start(canisterId);
    expect(subject.upgrades()).toBe(1);
  });

  it('rejects a pending stop when the canister is started', () => {
    const { world, canisterId, submit } = open();
    submit.forward(PEER_ID, 'hang', NO_ARG);
    const stop = world.stop(canisterId);
    world.runUntilIdle();
    world.start(canisterId);
    expect(stop.response()).toMatchObject({ errorCode: ErrorCode.CanisterStoppingCancelled });
  });

  it('tells of an upgrade that failed and leaves the canister as it was', () => {
    const { world, canisterId, subject } = open();
    subject.change(2);
    subject.refuseUpgrade(1);
    expect(world.upgrade({ canisterId, wasm })).toMatchObject({ kind: 'reject', code: 5 });
    expect(subject.state().heap).toBe(2);
    expect(world.upgrade({ canisterId, wasm, skipPreUpgrade: true })).toEqual({ kind: 'ok' });
    expect(subject.state()).toMatchObject({ heap: 0, stored: 2 });
    expect(world.reinstall({ canisterId, wasm })).toEqual({ kind: 'ok' });
    expect(subject.state().stored).toBe(0);
  });

  it('refuses an upgrade by another than the controller', () => {
    const { world, canisterId } = open();
    const outcome = world.upgrade({ canisterId, wasm, controller: ALICE });
    expect(outcome).toMatchObject({ errorCode: ErrorCode.CanisterInvalidController });
  });

  it('fires a timer once in a jump and each time as time passes', () => {
    const { world, firesNs } = open();
    const startNs = world.timeNs;
    world.advance(26n * HOUR_NS);
    expect(firesNs).toEqual([startNs + 26n * HOUR_NS]);
    world.elapse(2n * HOUR_NS + 1n);
    expect(firesNs.slice(1)).toEqual([startNs + 27n * HOUR_NS, startNs + 28n * HOUR_NS]);
    expect(world.timeNs).toBe(startNs + 28n * HOUR_NS + 1n);
  });

  it('keeps the answer of a call for ever', () => {
    const { world, submit } = open();
    const pending = submit.change(4);
    world.runUntilIdle();
    world.advance(48n * HOUR_NS);
    expect(pending.result()).toBe(4);
    expect(pending.instructions()).toBeGreaterThan(0n);
  });

  it('measures a call tree by canister', () => {
    const { world, canisterId, subject } = open();
    const other = world.install({ wasm });
    world.runUntilIdle();
    const arg = new Uint8Array(IDL.encode([IDL.Nat32], [1]));
    const measured = world.measure(() => subject.forward(other, 'change', arg));
    const own = measured.byCanister.get(canisterId.toText()) ?? 0n;
    const others = measured.byCanister.get(other.toText()) ?? 0n;
    expect(own).toBeGreaterThan(others);
    expect(others).toBeGreaterThan(0n);
    expect(measured.instructions).toBe(own + others);
    expect(measured.executions.map(({ entry }) => entry)).toEqual([
      'canister_update forward',
      'canister_update change',
      'reply callback of forward',
    ]);
    const again = world.measure(() => subject.state());
    expect(again.executions).toHaveLength(1);
  });
});

describe('a canister that calls a ledger', () => {
  it.each<{ fault: Fault; answer: string; paid: bigint }>([
    { fault: { kind: 'lost-reply' }, answer: 'call rejected: 5', paid: 70n },
    { fault: { kind: 'reject-before', code: 2 }, answer: 'call rejected: 2', paid: 0n },
    { fault: { kind: 'garbage-reply' }, answer: 'deadbeef00ff', paid: 70n },
    { fault: { kind: 'delay-reply', rounds: 2, executes: 'at-once' }, answer: 'DIDL', paid: 70n },
  ])('meets $fault', ({ fault, answer, paid }) => {
    const world = openWorld({ tokens: [{ ...CKBTC }], limits: { roundMessages: 1 } });
    const canisterId = world.install({ wasm });
    world.runUntilIdle();
    const ledger = ledgerClient(world, CKBTC.ledgerId);
    ledger.mint({ to: accountOf(canisterId), amount: 1_000n });
    ledger.faults.next('icrc1_transfer', fault);
    const empty = { from_subaccount: [], fee: [], memo: [], created_at_time: [] };
    const order = { ...empty, to: { owner: ALICE, subaccount: [] }, amount: 70n };
    const arg = new Uint8Array(IDL.encode([TransferArg], [order]));
    const submit = world.submitter<Subject>(canisterId, subjectFactory, ALICE);
    const call = submit.forward(CKBTC.ledgerId, 'icrc1_transfer', arg);
    const response = world.settle(call);
    const text =
      response.kind === 'reject'
        ? response.message
        : (['latin1', 'hex'] as const)
            .map((form) => Buffer.from(call.result()).toString(form))
            .join(' ');
    expect(text).toContain(answer);
    expect(ledger.balanceOf(accountOf(ALICE))).toBe(paid);
  });
});

describe('a restored world', () => {
  it('goes on where the snapshot was taken, apart from the first', () => {
    const world = openWorld({ seed: 7 });
    const canisterId = world.install({ wasm });
    world.runUntilIdle();
    const subject = world.actor<Subject>(canisterId, subjectFactory, ALICE);
    subject.change(5);
    const snapshot = world.snapshot();
    subject.change(1);
    const restored = restoreWorld(snapshot);
    const again = restored.actor<Subject>(canisterId, subjectFactory, ALICE);
    expect(again.change(2)).toBe(7);
    expect(subject.state().heap).toBe(6);
    expect(restored.timeNs).toBe(world.timeNs);
  });

  it('has equal futures for equal calls', () => {
    const world = openWorld();
    const canisterId = world.install({ wasm });
    world.runUntilIdle();
    const snapshot = world.snapshot();
    const hashes = [1, 2].map(() => {
      const restored = restoreWorld(snapshot, { seed: 9 });
      const subject = restored.actor<Subject>(canisterId, subjectFactory, ALICE);
      subject.change(3);
      restored.advance(HOUR_NS * 4n);
      return restored.replica.stateHash();
    });
    expect(hashes[0]).toEqual(hashes[1]);
  });

  it('can cut one execution short, which then traps without an effect', () => {
    const world = openWorld();
    const canisterId = world.install({ wasm });
    world.runUntilIdle();
    const entries: string[] = [];
    let isCut = true;
    const restored = restoreWorld(world.snapshot(), {
      cutShort: ({ entry }) => {
        entries.push(entry);
        return isCut ? 100_000n : undefined;
      },
    });
    const subject = restored.actor<Subject>(canisterId, subjectFactory, ALICE);
    const rejected = rejectOf(() => subject.change(5));
    expect(rejected.errorCode).toBe(ErrorCode.CanisterInstructionLimitExceeded);
    expect(entries).toEqual(['canister_update change']);
    isCut = false;
    expect(subject.change(2)).toBe(2);
  });

  it('is refused while a call is open', () => {
    const { world, submit } = open();
    submit.forward(PEER_ID, 'hang', NO_ARG);
    world.runUntilIdle();
    expect(() => world.snapshot()).toThrow('at rest');
  });
});
