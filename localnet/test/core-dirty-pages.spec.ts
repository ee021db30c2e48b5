import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CanisterState } from '../src/core/canister-state.ts';
import type { WasmHeap } from '../src/core/wasm-heap.ts';
import { KernelWorld } from './support/kernel-world.ts';
import { method, watModule } from './support/wat-module.ts';

const PAGES = 70;
const OFFSETS = [0, 1, 65_535, 65_536, 200_000];
const STORES = [
  ['i32.store', '(i32.const -1)', 4],
  ['i64.store', '(i64.const -1)', 8],
  ['f32.store', '(f32.const 1.5)', 4],
  ['f64.store', '(f64.const 1.5)', 8],
  ['i32.store8', '(i32.const 7)', 1],
  ['i32.store16', '(i32.const 777)', 2],
  ['i64.store32', '(i64.const -7)', 4],
  ['v128.store', '(v128.const i64x2 5 6)', 16],
] as const;

/** Argument: address, then for the bulk methods a source and a length. */
const LOAD_ARGS = `(call $msg_arg_data_copy (i32.const 0) (i32.const 0) (i32.const 12))`;
const ADDRESS = '(i32.load (i32.const 0))';
const SOURCE = '(i32.load (i32.const 4))';
const LENGTH = '(i32.load (i32.const 8))';

interface Write {
  readonly name: string;
  readonly reach: number;
}

const writes: Write[] = [];
const methods: string[] = [];
function add(name: string, reach: number, body: string): void {
  writes.push({ name, reach });
  methods.push(method('update', name, `${LOAD_ARGS} ${body} (call $msg_reply)`));
  methods.push(method('update', `${name}_trap`, `${LOAD_ARGS} ${body} unreachable`));
}
for (const [store, value, width] of STORES) {
  for (const offset of OFFSETS) {
    const text = `(${store} offset=${offset.toString()} ${ADDRESS} ${value})`;
    add(`${store}_${offset.toString()}`, offset + width, text);
  }
}
const BULK_MAX = 150_000;
add('fill', BULK_MAX, `(memory.fill ${ADDRESS} (i32.const 9) ${LENGTH})`);
add('copy', BULK_MAX, `(memory.copy ${ADDRESS} ${SOURCE} ${LENGTH})`);
add(
  'stable',
  BULK_MAX,
  `(drop (call $stable64_grow (i64.const 3)))
  (call $stable64_read (i64.extend_i32_u ${ADDRESS}) (i64.const 0) (i64.extend_i32_u ${LENGTH}))`,
);

const MODULE = watModule(
  `(func (export "canister_init") (memory.fill (i32.const 300000) (i32.const 3) (i32.const 90000)))
   ${methods.join('\n')}`,
  { pages: PAGES },
);

const MEMORY_BYTES = PAGES * 65_536;
const page = fc.integer({ min: 1, max: PAGES - 7 });
const nearEdge = fc.integer({ min: -20, max: 20 });
const step = fc.record({
  write: fc.constantFrom(...writes),
  address: fc.tuple(page, nearEdge).map(([at, delta]) => at * 65_536 + delta),
  source: fc.integer({ min: 0, max: 600_000 }),
  length: fc.oneof(nearEdge.map(Math.abs), fc.integer({ min: 65_500, max: BULK_MAX })),
  traps: fc.boolean(),
});

function heapOf(canister: CanisterState): WasmHeap {
  if (canister.code?.kind !== 'wasm') throw new Error('no Wasm');
  return canister.code.runner.heap;
}

function argument(values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

describe('page marks', () => {
  const world = new KernelWorld();
  const canister = world.install(MODULE);

  it('miss no write: the committed copy always equals the memory', () => {
    fc.assert(
      fc.property(step, ({ write, address, source, length, traps }) => {
        fc.pre(address + write.reach < MEMORY_BYTES);
        const heap = heapOf(canister);
        const before = Buffer.from(heap.image().memory);
        const name = traps ? `${write.name}_trap` : write.name;
        const response = world.call(canister, name, argument([address, source, length]));
        expect(response.kind).toBe(traps ? 'reject' : 'reply');
        const memory = Buffer.from(heap.view());
        expect(memory.equals(heap.image().memory)).toBe(true);
        if (traps) expect(memory.equals(before)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
