import { describe, expect, it } from 'vitest';
import { KernelWorld, u32Of } from './support/kernel-world.ts';
import { method, watModule } from './support/wat-module.ts';

function instructionsOf(body: string, extra = ''): bigint {
  const world = new KernelWorld();
  const canister = world.install(watModule(`${extra} ${method('update', 'run', body)}`));
  world.call(canister, 'run');
  const ran = world.events.find(
    (event) => event.kind === 'executed' && event.entry === 'canister_update run',
  );
  if (ran?.kind !== 'executed') throw new Error('nothing ran');
  return ran.instructions;
}

describe('instruction counting', () => {
  const cases: readonly (readonly [string, string, bigint])[] = [
    ['nothing', '', 0n],
    ['constants and drop', '(drop (i32.const 1))', 2n],
    ['addition', '(drop (i32.add (i32.const 1) (i32.const 2)))', 4n],
    ['division', '(drop (i32.div_u (i32.const 1) (i32.const 2)))', 13n],
    ['f64 division', '(drop (f64.div (f64.const 1) (f64.const 2)))', 8n],
    ['f64 max', '(drop (f64.max (f64.const 1) (f64.const 2)))', 21n],
    ['signed conversion', '(drop (f64.convert_i32_s (i32.const 1)))', 5n],
    ['unsigned conversion', '(drop (f64.convert_i32_u (i32.const 1)))', 18n],
    ['memory.size', '(drop (memory.size))', 21n],
    ['memory.grow', '(drop (memory.grow (i32.const 1)))', 302n],
    ['a taken branch', '(if (i32.const 1) (then (drop (i32.const 1))))', 5n],
    ['a branch not taken', '(if (i32.const 0) (then (drop (i32.const 1))))', 3n],
    ['memory.fill pays per byte', '(memory.fill (i32.const 0) (i32.const 0) (i32.const 50))', 153n],
    ['memory.copy pays per byte', '(memory.copy (i32.const 0) (i32.const 9) (i32.const 40))', 143n],
  ];
  it.each(cases)('weighs %s as the IC does', (_, body, expected) => {
    expect(instructionsOf(body)).toBe(expected);
  });

  it('counts every round of a loop', () => {
    const loop = (count: number): bigint =>
      instructionsOf(`(local $n i32) (local.set $n (i32.const ${count.toString()}))
        (loop $l (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br_if $l (local.get $n)))`);
    expect(loop(11) - loop(10)).toBe(7n);
  });

  it('charges stable writes by byte and by newly dirtied page', () => {
    const write = (offset: number): string =>
      `(call $stable64_write (i64.const ${offset.toString()}) (i64.const 0) (i64.const 10))`;
    const grow = '(drop (call $stable64_grow (i64.const 1)))';
    const one = instructionsOf(`${grow} ${write(0)}`);
    expect(instructionsOf(`${grow} ${write(0)} ${write(20)}`) - one).toBe(38n);
    expect(instructionsOf(`${grow} ${write(0)} ${write(5000)}`) - one).toBe(1038n);
  });

  it('is what performance_counter reads', () => {
    const world = new KernelWorld();
    const body = `(drop (i32.const 1)) (drop (i32.const 1))
      (call $reply_u32 (i32.wrap_i64 (call $performance_counter (i32.const 0))))`;
    const canister = world.install(watModule(method('update', 'run', body)));
    // The block is paid for when entered: 4 for the drops, const, two calls, wrap, 200 of the API.
    expect(u32Of(world.call(canister, 'run'))).toBe(4 + 1 + 5 + 1 + 5 + 200);
  });
});
