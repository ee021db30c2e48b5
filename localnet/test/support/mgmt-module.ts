import { IDL } from '@dfinity/candid';
import { HttpResult } from '../../src/mgmt/wire/http.ts';
import { wat } from './kernel-world.ts';
import { dataBytes, method, watModule } from './wat-module.ts';

/** What the query `transform` makes of every response. */
export const TRANSFORMED = { status: 299n, headers: [], body: new TextEncoder().encode('short') };

const TRANSFORMED_BYTES = new Uint8Array(IDL.encode([HttpResult], [TRANSFORMED]));

/**
 * `relay`: one byte callee length, one byte method length, 8 bytes cycles, callee, method, payload.
 * It replies with a byte (0 reply, 1 reject), 8 bytes refunded cycles, 4 bytes reject code, data.
 */
const RELAY = `
  (elem (i32.const 0) $on_reply $on_reject)
  (func (export "canister_update relay") (local $callee i32) (local $method i32) (local $rest i32)
    (call $msg_arg_data_copy (i32.const 4096) (i32.const 0) (call $msg_arg_data_size))
    (local.set $callee (i32.load8_u (i32.const 4096)))
    (local.set $method (i32.load8_u (i32.const 4097)))
    (local.set $rest (i32.add (i32.const 10) (i32.add (local.get $callee) (local.get $method))))
    (call $call_new
      (i32.const 4106) (local.get $callee)
      (i32.add (i32.const 4106) (local.get $callee)) (local.get $method)
      (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0))
    (call $call_cycles_add (i64.load (i32.const 4098)))
    (call $call_data_append
      (i32.add (i32.const 4096) (local.get $rest))
      (i32.sub (call $msg_arg_data_size) (local.get $rest)))
    (if (call $call_perform) (then (call $trap_now))))
  (func $head (param $kind i32) (param $code i32)
    (i32.store8 (i32.const 2047) (local.get $kind))
    (i64.store (i32.const 2048) (call $msg_cycles_refunded))
    (i32.store (i32.const 2056) (local.get $code))
    (call $msg_reply_data_append (i32.const 2047) (i32.const 13)))
  (func $on_reply (param i32)
    (call $head (i32.const 0) (i32.const 0))
    (call $msg_arg_data_copy (i32.const 4096) (i32.const 0) (call $msg_arg_data_size))
    (call $msg_reply_data_append (i32.const 4096) (call $msg_arg_data_size))
    (call $msg_reply))
  (func $on_reject (param i32)
    (call $head (i32.const 1) (call $msg_reject_code))
    (call $msg_reject_msg_copy (i32.const 4096) (i32.const 0) (call $msg_reject_msg_size))
    (call $msg_reply_data_append (i32.const 4096) (call $msg_reject_msg_size))
    (call $msg_reply))
`;

/** `set` writes four argument bytes everywhere a canister can keep them; `get` sums where. */
const STATE = `
  (global $number (mut i32) (i32.const 0))
  (global $float (mut f64) (f64.const -0))
  (global $long (mut i64) (i64.const 7))
  ${method(
    'update',
    'set',
    `(call $msg_arg_data_copy (i32.const 0) (i32.const 0) (i32.const 4))
     (global.set $number (i32.load (i32.const 0)))
     (if (i64.eqz (call $stable64_size)) (then (drop (call $stable64_grow (i64.const 1)))))
     (call $stable64_write (i64.const 8) (i64.const 0) (i64.const 4))
     (call $certified_data_set (i32.const 0) (i32.const 4))
     (call $msg_reply)`,
  )}
  ${method(
    'query',
    'get',
    `(call $stable64_read (i64.const 2000) (i64.const 8) (i64.const 4))
     (i32.store (i32.const 2004) (global.get $number))
     (i32.store (i32.const 2008) (i32.load (i32.const 0)))
     (f64.store (i32.const 2012) (global.get $float))
     (call $msg_reply_data_append (i32.const 2000) (i32.const 20))
     (call $msg_reply)`,
  )}
  ${method('query', 'version', '(call $reply_u32 (i32.wrap_i64 (call $canister_version)))')}
  ${method('update', 'grow', '(drop (memory.grow (i32.const 2))) (call $msg_reply)')}
  ${method(
    'update',
    'say',
    `(call $msg_arg_data_copy (i32.const 4096) (i32.const 0) (call $msg_arg_data_size))
     (call $debug_print (i32.const 4096) (call $msg_arg_data_size))
     (call $msg_reply)`,
  )}
`;

const HOOKS = `
  (func (export "canister_init")
    (if (call $msg_arg_data_size) (then (call $trap_now))))
  (func (export "canister_post_upgrade")
    (if (call $msg_arg_data_size) (then (call $trap_now))))
  (func (export "canister_pre_upgrade")
    (if (i32.eq (i32.load (i32.const 0)) (i32.const 13)) (then (call $trap_now))))
`;

const TRANSFORMS = `
  (data (i32.const 3000) "${dataBytes(TRANSFORMED_BYTES)}")
  ${method(
    'query',
    'transform',
    `(if (call $msg_caller_size) (then (call $trap_now)))
     (call $msg_reply_data_append 
       (i32.const 3000) (i32.const ${TRANSFORMED_BYTES.length.toString()}))
     (call $msg_reply)`,
  )}
  ${method('query', 'transform_trap', '(call $trap_now)')}
  ${method(
    'query',
    'transform_long',
    '(call $msg_reply_data_append (i32.const 4096) (i32.const 5000)) (call $msg_reply)',
  )}
`;

const BODY = `${RELAY} ${STATE} ${HOOKS} ${TRANSFORMS}`;

/** One module with everything the management tests ask of a canister. It relays up to 60 kB. */
export const MGMT_MODULE = wat(watModule(BODY));

/** The same with memory for a message of the largest size. */
export const LARGE_MODULE = wat(watModule(BODY, { pages: 40 }));

/** A custom section appended to a module, as metadata or just to change its hash. */
export function withCustomSection(
  module: Uint8Array,
  section: { name: string; content: Uint8Array },
): Uint8Array {
  const name = new TextEncoder().encode(section.name);
  const body = [name.length, ...name, ...section.content];
  if (name.length > 127 || body.length > 127) throw new Error('section too long for this helper');
  return Uint8Array.from([...module, 0, body.length, ...body]);
}
