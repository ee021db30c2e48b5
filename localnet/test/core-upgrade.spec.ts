import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../src/core/types.ts';
import { KernelWorld, u32Of } from './support/kernel-world.ts';
import { method, watModule } from './support/wat-module.ts';

function version(number: number, postUpgrade = ''): string {
  return watModule(`
    (func (export "canister_init") (i32.store (i32.const 0) (i32.const ${number.toString()}))
      (drop (call $stable64_grow (i64.const 1))))
    (func (export "canister_pre_upgrade")
      (i32.store (i32.const 8) (i32.const 555))
      (call $stable64_write (i64.const 0) (i64.const 8) (i64.const 4)))
    (func (export "canister_post_upgrade")
      (i32.store (i32.const 0) (i32.const ${number.toString()})) ${postUpgrade})
    ${method('query', 'heap', '(call $reply_u32 (i32.load (i32.const 0)))')}
    ${method('query', 'scratch', '(call $reply_u32 (i32.load (i32.const 8)))')}
    ${method('query', 'stable', '(call $stable64_read (i64.const 16) (i64.const 0) (i64.const 4)) (call $reply_u32 (i32.load (i32.const 16)))')}
    ${method('update', 'arm', '(drop (call $global_timer_set (i64.const 9223372036854775807))) (call $certified_data_set (i32.const 0) (i32.const 4)) (call $msg_reply)')}
  `);
}

describe('upgrade (I8)', () => {
  it('keeps stable memory, gives a fresh heap, clears the timer, keeps certified data', () => {
    const world = new KernelWorld();
    const canister = world.install(version(1));
    world.call(canister, 'arm');
    expect(world.put(canister, version(2), { mode: 'upgrade' })).toBeUndefined();
    expect(u32Of(world.query(canister, 'heap'))).toBe(2);
    expect(u32Of(world.query(canister, 'scratch'))).toBe(0);
    expect(u32Of(world.query(canister, 'stable'))).toBe(555);
    expect(canister.globalTimerNs).toBe(0n);
    expect([...canister.certifiedData]).toEqual([1, 0, 0, 0]);
  });

  it('that traps in post_upgrade also undoes what pre_upgrade wrote', () => {
    const world = new KernelWorld();
    const canister = world.install(version(1));
    world.call(canister, 'arm');
    const before = canister.version;
    const failure = world.put(canister, version(2, '(call $trap_now)'), { mode: 'upgrade' });
    expect(failure).toMatchObject({ errorCode: ErrorCode.CanisterCalledTrap });
    expect(u32Of(world.query(canister, 'heap'))).toBe(1);
    expect(u32Of(world.query(canister, 'scratch'))).toBe(0);
    expect(u32Of(world.query(canister, 'stable'))).toBe(0);
    expect(canister.globalTimerNs).toBe(9223372036854775807n);
    expect(canister.version).toBe(before);
  });

  it('refuses install over code and upgrade of nothing', () => {
    const world = new KernelWorld();
    const canister = world.install(version(1));
    expect(world.put(canister, version(2), { mode: 'install' })).toMatchObject({
      errorCode: ErrorCode.CanisterNonEmpty,
    });
    const empty = world.kernel.createCanister({ cycles: 10n ** 13n, controllers: [] });
    expect(world.put(empty, version(1), { mode: 'upgrade' })).toMatchObject({
      errorCode: ErrorCode.CanisterWasmModuleNotFound,
    });
  });

  it('reinstall wipes stable memory and certified data', () => {
    const world = new KernelWorld();
    const canister = world.install(version(1));
    world.call(canister, 'arm');
    world.put(canister, version(2), { mode: 'upgrade' });
    world.put(canister, version(3), { mode: 'reinstall' });
    expect(u32Of(world.query(canister, 'stable'))).toBe(0);
    expect(canister.certifiedData).toHaveLength(0);
  });
});

describe('invalid modules', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['unknown import', '(module (import "ic0" "nonsense" (func)))'],
    ['foreign import', '(module (import "env" "abort" (func)))'],
    ['import of another type', '(module (import "ic0" "time" (func (result i32))))'],
    ['unknown canister_ export', '(module (func (export "canister_nonsense")))'],
    ['method with a parameter', '(module (func (export "canister_update x") (param i32)))'],
    [
      'method that is both query and update',
      '(module (func (export "canister_update x")) (func (export "canister_query x")))',
    ],
  ];
  it.each(cases)('are refused with IC0505: %s', (_, text) => {
    const world = new KernelWorld();
    const canister = world.kernel.createCanister({ cycles: 10n ** 13n, controllers: [] });
    expect(world.put(canister, text, { mode: 'install' })).toMatchObject({
      errorCode: ErrorCode.CanisterInvalidWasm,
    });
    expect(canister.code).toBeUndefined();
  });
});
