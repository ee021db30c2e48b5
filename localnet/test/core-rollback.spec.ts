import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../src/core/types.ts';
import { KernelWorld, u32Of } from './support/kernel-world.ts';
import { method, watModule } from './support/wat-module.ts';

/** Changes every kind of state there is, then does `ending`. */
function changeEverything(ending: string): string {
  return `
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
    (global.set $g (i32.add (global.get $g) (i32.const 1)))
    (drop (memory.grow (i32.const 1)))
    (i32.store (i32.const 70000) (i32.const 77))
    (drop (call $stable64_grow (i64.const 1)))
    (call $stable64_write (i64.const 0) (i32.wrap_i64 (i64.const 0)) (i32.const 4))
    (call $certified_data_set (i32.const 0) (i32.const 4))
    (drop (call $global_timer_set (i64.const 123456789)))
    (call $cycles_burn128 (i64.const 0) (i64.const 5) (i32.const 100))
    ${ending}`.replace(
    '(call $stable64_write (i64.const 0) (i32.wrap_i64 (i64.const 0)) (i32.const 4))',
    '(call $stable64_write (i64.const 0) (i64.const 0) (i64.const 4))',
  );
}

const MODULE = watModule(`
  (global $g (mut i32) (i32.const 0))
  ${method('update', 'change', changeEverything('(call $reply_u32 (global.get $g))'))}
  ${method('update', 'change_trap', changeEverything('(call $trap_now)'))}
  ${method('update', 'change_unreachable', changeEverything('unreachable'))}
  ${method('update', 'change_forever', changeEverything('(loop $l (br $l))'))}
  ${method('update', 'change_overflow', changeEverything('(call $recurse)'))}
  (func $recurse (call $recurse) (call $recurse))
  ${method('query', 'change_query', '(i32.store (i32.const 0) (i32.const 99)) (drop (memory.grow (i32.const 1))) (global.set $g (i32.const 99)) (call $reply_u32 (i32.load (i32.const 0)))')}
  ${method('query', 'heap', '(call $reply_u32 (i32.load (i32.const 0)))')}
  ${method('query', 'global', '(call $reply_u32 (global.get $g))')}
  ${method('query', 'pages', '(call $reply_u32 (memory.size))')}
  ${method('query', 'stable_pages', '(call $reply_u32 (call $stable_size))')}
  ${method('update', 'grown_is_zero', '(drop (memory.grow (i32.const 1))) (call $reply_u32 (i32.load (i32.const 70000)))')}
`);

const LIMITS = { updateInstructions: 50_000_000n };

function observe(world: KernelWorld, canister: ReturnType<KernelWorld['install']>) {
  return {
    heap: u32Of(world.query(canister, 'heap')),
    global: u32Of(world.query(canister, 'global')),
    pages: u32Of(world.query(canister, 'pages')),
    stablePages: u32Of(world.query(canister, 'stable_pages')),
    stable: [...canister.stable.toBytes().subarray(0, 4)],
    certifiedData: [...canister.certifiedData],
    timerNs: canister.globalTimerNs,
    cycles: canister.cycles,
  };
}

describe('an update that succeeds', () => {
  it('keeps all it changed', () => {
    const world = new KernelWorld(LIMITS);
    const canister = world.install(MODULE);
    const cyclesBefore = canister.cycles;
    expect(u32Of(world.call(canister, 'change'))).toBe(1);
    expect(observe(world, canister)).toEqual({
      heap: 1,
      global: 1,
      pages: 2,
      stablePages: 1,
      stable: [1, 0, 0, 0],
      certifiedData: [1, 0, 0, 0],
      timerNs: 123456789n,
      cycles: cyclesBefore - 5n,
    });
  });
});

describe('an update that fails (I1, I15)', () => {
  it.each([
    ['change_trap', ErrorCode.CanisterCalledTrap],
    ['change_unreachable', ErrorCode.CanisterTrapped],
    ['change_forever', ErrorCode.CanisterInstructionLimitExceeded],
    ['change_overflow', ErrorCode.CanisterTrapped],
  ])('leaves everything as it was: %s', (name, errorCode) => {
    const world = new KernelWorld(LIMITS);
    const canister = world.install(MODULE);
    world.call(canister, 'change');
    const before = observe(world, canister);
    expect(world.call(canister, name)).toMatchObject({ kind: 'reject', errorCode });
    expect(observe(world, canister)).toEqual(before);
    expect(u32Of(world.call(canister, 'change'))).toBe(2);
  });

  it('gives zeros in memory grown again after a rollback', () => {
    const world = new KernelWorld(LIMITS);
    const canister = world.install(MODULE);
    world.call(canister, 'change_trap');
    expect(u32Of(world.call(canister, 'grown_is_zero'))).toBe(0);
  });
});

describe('a query (I7)', () => {
  it('leaves the state byte-identical', () => {
    const world = new KernelWorld(LIMITS);
    const canister = world.install(MODULE);
    world.call(canister, 'change');
    const before = world.replica.stateHash();
    expect(u32Of(world.query(canister, 'change_query'))).toBe(99);
    expect(world.replica.stateHash()).toEqual(before);
    expect(u32Of(world.query(canister, 'heap'))).toBe(1);
  });

  it('called as an update is replicated and also discards its state', () => {
    const world = new KernelWorld(LIMITS);
    const canister = world.install(MODULE);
    expect(u32Of(world.call(canister, 'change_query'))).toBe(99);
    expect(u32Of(world.query(canister, 'heap'))).toBe(0);
  });
});
