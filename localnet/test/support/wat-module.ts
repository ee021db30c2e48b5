import { IC0_SIGNATURES } from '../../src/wasm/ic0-signatures.ts';

/** Imports every module of these tests gets. Scratch memory below 1024 is theirs to use. */
const PRELUDE = `
  (func $reply_u32 (param i32)
    (i32.store (i32.const 1000) (local.get 0))
    (call $msg_reply_data_append (i32.const 1000) (i32.const 4))
    (call $msg_reply))
  (func $trap_now (call $trap (i32.const 900) (i32.const 4)))
  (data (i32.const 900) "oops")
`;

/**
 * A module with all of ic0 imported under its own names, one 64 KiB page of memory, a table and the
 * given body. `$reply_u32` replies with one number.
 */
export function watModule(
  body: string,
  options: { pages?: number; tableSize?: number } = {},
): string {
  const imports = [...IC0_SIGNATURES].map(([name, { params, results }]) => {
    const list = (kind: string, types: readonly number[]): string =>
      types.length === 0 ? '' : `(${kind} ${types.map(typeName).join(' ')})`;
    return `(import "ic0" "${name}" (func $${name} ${list('param', params)} ${list('result', results)}))`;
  });
  return `(module
    ${imports.join('\n    ')}
    (memory ${(options.pages ?? 1).toString()})
    (table ${(options.tableSize ?? 16).toString()} funcref)
    ${PRELUDE}
    ${body})`;
}

/** An export of that name whose body is the given instructions. */
export function method(
  kind: 'update' | 'query' | 'composite_query',
  name: string,
  body: string,
): string {
  return `(func (export "canister_${kind} ${name}") ${body})`;
}

/** Bytes as a data segment string. */
export function dataBytes(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}

function typeName(type: number): string {
  return type === 0x7e ? 'i64' : 'i32';
}
