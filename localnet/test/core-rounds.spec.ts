import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CanisterState } from '../src/core/canister-state.ts';
import { TimeWentBackError } from '../src/core/local-replica.ts';
import { finishStopIfIdle } from '../src/core/close-context.ts';
import { uninstallCode } from '../src/core/install-code.ts';
import { decodeState, encodeState } from '../src/core/state-image.ts';
import { ErrorCode } from '../src/core/types.ts';
import { CALLER_MODULE } from './support/caller-module.ts';
import { KernelWorld, RefusedError, u32Of } from './support/kernel-world.ts';
import { method, watModule } from './support/wat-module.ts';

const COUNTER = watModule(`
  (func (export "canister_init") (call $arm))
  (func $arm (drop (call $global_timer_set (i64.add (call $time) (i64.const 5000000000)))))
  (func (export "canister_global_timer")
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))))
  (func (export "canister_heartbeat")
    (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1))))
  (func (export "canister_inspect_message")
    (if (i32.ne (call $msg_method_name_size) (i32.const 6)) (then (call $accept_message))))
  ${method('query', 'timers', '(call $reply_u32 (i32.load (i32.const 0)))')}
  ${method('query', 'beats', '(call $reply_u32 (i32.load (i32.const 4)))')}
  ${method('query', 'same_time', '(call $reply_u32 (i64.eq (call $time) (call $time)))')}
  ${method(
    'update',
    'digit',
    `
    (call $msg_arg_data_copy (i32.const 64) (i32.const 0) (i32.const 1))
    (i32.store (i32.const 8) (i32.add (i32.mul (i32.load (i32.const 8)) (i32.const 10))
      (i32.load8_u (i32.const 64))))
    (call $reply_u32 (i32.load (i32.const 8)))`,
  )}
  ${method('update', 'secret', '(call $msg_reply)')}
`);

function target(canister: CanisterState, name: string): Uint8Array {
  return Uint8Array.from([...canister.id.toUint8Array(), ...new TextEncoder().encode(name)]);
}

describe('rounds', () => {
  it('fire a global timer once when due, and heartbeats every round', () => {
    const world = new KernelWorld();
    const canister = world.install(COUNTER);
    world.tick(4n);
    expect(u32Of(world.query(canister, 'timers'))).toBe(0);
    world.tick(1n);
    world.tick(60n);
    expect(u32Of(world.query(canister, 'timers'))).toBe(1);
    expect(u32Of(world.query(canister, 'beats'))).toBe(3);
  });

  it('keep the timer of a stopped canister until it runs again', () => {
    const world = new KernelWorld();
    const canister = world.install(COUNTER);
    canister.status = 'stopped';
    world.tick(10n);
    canister.status = 'running';
    expect(u32Of(world.query(canister, 'timers'))).toBe(0);
    world.tick();
    expect(u32Of(world.query(canister, 'timers'))).toBe(1);
  });

  it('keep a timer that was due when a stop overtook it', () => {
    const world = new KernelWorld({ roundMessages: 1 });
    const canister = world.install(COUNTER);
    world.kernel.send({ kind: 'task', canisterKey: canister.key, task: 'canister_heartbeat' });
    world.tick(10n);
    canister.status = 'stopped';
    for (let rounds = 0; rounds < 3; rounds += 1) world.tick();
    canister.status = 'running';
    for (let rounds = 0; rounds < 9; rounds += 1) world.tick();
    expect(u32Of(world.query(canister, 'timers'))).toBe(1);
  });

  it('never let time go back, and hold it within a message (I11)', () => {
    const world = new KernelWorld();
    const canister = world.install(COUNTER);
    expect(u32Of(world.query(canister, 'same_time'))).toBe(1);
    const nowNs = world.replica.timeNs();
    expect(() => {
      world.replica.setTime(nowNs - 1n);
    }).toThrow(TimeWentBackError);
    world.replica.round(nowNs - 1n);
    expect(world.replica.timeNs()).toBe(nowNs);
  });

  it('run messages of one sender in the order they were sent (I5)', () => {
    const world = new KernelWorld();
    const canister = world.install(COUNTER);
    const ids = [1, 2, 3, 4, 5].map((digit) =>
      world.submit(canister.id, 'digit', Uint8Array.of(digit)),
    );
    world.tick();
    const last = ids.at(-1);
    expect(last && world.status(last)).toMatchObject({ kind: 'replied' });
    expect(u32Of(world.call(canister, 'digit', Uint8Array.of(6)))).toBe(123456);
  });
});

describe('ingress', () => {
  it('with a known id never runs twice (I10)', () => {
    const world = new KernelWorld();
    const canister = world.install(COUNTER);
    const id = world.submit(canister.id, 'digit', Uint8Array.of(1));
    const expiryNs = world.replica.timeNs() + 300n * 1_000_000_000n;
    const again = { id, sender: Principal.anonymous(), canisterId: canister.id, expiryNs };
    world.replica.submit({ ...again, method: 'digit', arg: Uint8Array.of(2) });
    world.tick();
    world.replica.submit({ ...again, method: 'digit', arg: Uint8Array.of(3) });
    expect(u32Of(world.call(canister, 'digit', Uint8Array.of(4)))).toBe(14);
  });

  it('never starts after its expiry', () => {
    const world = new KernelWorld();
    const canister = world.install(COUNTER);
    const id = world.submit(canister.id, 'digit', Uint8Array.of(1));
    world.tick(301n);
    expect(world.status(id)).toMatchObject({
      kind: 'rejected',
      reject: { errorCode: ErrorCode.IngressMessageTimeout },
    });
    expect(u32Of(world.call(canister, 'digit', Uint8Array.of(4)))).toBe(4);
  });

  it('is asked for by canister_inspect_message and leaves nothing when refused', () => {
    const world = new KernelWorld();
    const canister = world.install(COUNTER);
    const before = world.replica.stateHash();
    expect(() => world.submit(canister.id, 'secret')).toThrow(RefusedError);
    expect(world.replica.stateHash()).toEqual(before);
  });

  it('to a frozen canister is refused with IC0207', () => {
    const world = new KernelWorld();
    const canister = world.install(COUNTER);
    canister.cycles = 0n;
    try {
      world.submit(canister.id, 'digit', Uint8Array.of(1));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RefusedError);
      expect((error as RefusedError).reject.errorCode).toBe(ErrorCode.CanisterOutOfCycles);
    }
  });
});

describe('stopping (I6)', () => {
  it('completes only when the last context closes', () => {
    const world = new KernelWorld();
    const caller = world.install(CALLER_MODULE);
    let stopCount = 0;
    const context = world.kernel.openContext(caller, {
      caller: caller.id,
      method: 'held open',
      origin: { kind: 'nobody' },
      cyclesAvailable: 0n,
    });
    caller.status = 'stopping';
    world.kernel.stopRequests.set(caller.key, [() => (stopCount += 1)]);
    finishStopIfIdle(world.kernel, caller);
    expect(stopCount).toBe(0);
    expect(world.call(caller, 'seven')).toMatchObject({ errorCode: ErrorCode.CanisterStopping });
    caller.contexts.delete(context.id);
    finishStopIfIdle(world.kernel, caller);
    expect(stopCount).toBe(1);
    expect(world.call(caller, 'seven')).toMatchObject({ errorCode: ErrorCode.CanisterStopped });
  });
});

describe('uninstall', () => {
  it('rejects open contexts and drops their callbacks', () => {
    const world = new KernelWorld();
    const caller = world.install(CALLER_MODULE);
    const context = world.kernel.openContext(caller, {
      caller: caller.id,
      method: 'waiting',
      origin: { kind: 'ingress', id: world.submit(caller.id, 'seven'), expiryNs: 0n },
      cyclesAvailable: 0n,
    });
    context.pendingCalls = 1;
    uninstallCode(world.kernel, caller);
    expect(context).toMatchObject({ hasResponded: true, isDeleted: true });
    expect(caller.code).toBeUndefined();
  });
});

describe('determinism (I13)', () => {
  const action = fc.record({
    kind: fc.constantFrom('digit', 'forward', 'boom', 'tick'),
    digit: fc.integer({ min: 0, max: 9 }),
  });

  function play(actions: readonly { kind: string; digit: number }[]): KernelWorld {
    const world = new KernelWorld();
    const counter = world.install(COUNTER);
    const caller = world.install(CALLER_MODULE);
    for (const { kind, digit } of actions) {
      if (kind === 'digit') world.submit(counter.id, 'digit', Uint8Array.of(digit));
      if (kind === 'forward') world.submit(caller.id, 'forward', target(counter, 'digit'));
      if (kind === 'boom') world.submit(caller.id, 'boom');
      if (kind === 'tick') world.tick(BigInt(digit));
    }
    world.tick();
    return world;
  }

  it('gives equal state for equal inputs, and after a snapshot is restored', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        const one = play(actions);
        const other = play(actions);
        expect(other.replica.stateHash()).toEqual(one.replica.stateHash());
        const restored = new KernelWorld();
        decodeState(restored.kernel, encodeState(one.kernel), () => undefined);
        expect(restored.replica.stateHash()).toEqual(one.replica.stateHash());
      }),
      { numRuns: 25 },
    );
  });
});
