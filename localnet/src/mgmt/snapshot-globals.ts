import { compileModule } from '../wasm/compile.ts';
import type { Snapshot } from './snapshot.ts';
import type { WireGlobal } from './wire/snapshots.ts';

/** Value types. Source: WebAssembly core spec §5.3.1. */
const I32 = 0x7f;
const I64 = 0x7e;
const F32 = 0x7d;
const F64 = 0x7c;

/** The mutable globals of a taken snapshot, with the types their module declares. */
export function wireGlobals({ wasm, heap }: Snapshot): WireGlobal[] {
  const types = compileModule(wasm).mutableGlobalTypes;
  return heap.globals.map((value, at) => wireGlobal(types[at], value));
}

function wireGlobal(type: number | undefined, value: bigint | number): WireGlobal {
  switch (type) {
    case I32:
      return { i32: Number(value) };
    case I64:
      return { i64: BigInt(value) };
    case F32:
      return { f32: Number(value) };
    case F64:
      return { f64: Number(value) };
    default:
      throw new Error(`BUG: global of type ${String(type)} in a snapshot`);
  }
}

/** The value as the heap takes it; undefined for vectors, which JavaScript cannot hold. */
export function globalValue(wire: WireGlobal): bigint | number | undefined {
  if ('i32' in wire) return wire.i32;
  if ('i64' in wire) return wire.i64;
  if ('f32' in wire) return wire.f32;
  return 'f64' in wire ? wire.f64 : undefined;
}
