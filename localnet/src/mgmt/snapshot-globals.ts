import type { Snapshot } from './snapshot.ts';
import type { WireGlobal } from './wire/snapshots.ts';

/** Value types. Source: WebAssembly core spec §5.3.1. */
const I32 = 0x7f;
const I64 = 0x7e;
const F32 = 0x7d;
const F64 = 0x7c;

/** The globals of a snapshot as ic.did has them. */
export function wireGlobals({ heap, globalTypes }: Snapshot): WireGlobal[] {
  return heap.globals.map((value, at) => wireGlobal(globalTypes[at], value));
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

/** A global's type and value; undefined for vectors, which JavaScript cannot hold. */
export function globalOf(
  wire: WireGlobal,
): { readonly type: number; readonly value: bigint | number } | undefined {
  if ('i32' in wire) return { type: I32, value: wire.i32 };
  if ('i64' in wire) return { type: I64, value: wire.i64 };
  if ('f32' in wire) return { type: F32, value: wire.f32 };
  return 'f64' in wire ? { type: F64, value: wire.f64 } : undefined;
}
