import { method, watModule } from './wat-module.ts';

/** Table slots of the callbacks below. */
const CALLBACKS = `
  (elem (i32.const 0) $on_reply $on_reject $on_cleanup $on_reply_trap $on_nothing $on_reply_forever)
  (func $on_reply (param i32)
    (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
    (if (call $in_replicated_execution) (then (call $msg_cycles_refunded128 (i32.const 48))))
    (call $msg_arg_data_copy (i32.const 512) (i32.const 0) (call $msg_arg_data_size))
    (call $msg_reply_data_append (i32.const 512) (call $msg_arg_data_size))
    (call $msg_reply))
  (func $on_reject (param i32) (call $reply_u32 (i32.add (i32.const 100) (call $msg_reject_code))))
  (func $on_cleanup (param i32)
    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1))))
  (func $on_reply_trap (param i32)
    (i32.store (i32.const 4) (i32.const 4242))
    (call $trap_now))
  (func $on_nothing (param i32))
  (func $on_reply_forever (param i32) (loop $l (br $l)))
`;

/** Prepares a call to the canister named by the first 10 argument bytes, method in the rest. */
const PREPARE = `
  (func $prepare (param $reply i32) (param $reject i32)
    (call $msg_arg_data_copy (i32.const 512) (i32.const 0) (call $msg_arg_data_size))
    (call $call_new (i32.const 512) (i32.const 10)
      (i32.const 522) (i32.sub (call $msg_arg_data_size) (i32.const 10))
      (local.get $reply) (i32.const 0) (local.get $reject) (i32.const 0)))
  (func $perform (drop (call $call_perform)))
`;

const METHODS = [
  method(
    'update',
    'forward',
    '(i32.store (i32.const 0) (i32.const 1)) (call $prepare (i32.const 0) (i32.const 1)) (call $perform)',
  ),
  method(
    'update',
    'forward_cycles',
    '(call $prepare (i32.const 0) (i32.const 1)) (call $call_cycles_add (i64.const 1000)) (call $perform)',
  ),
  method(
    'update',
    'forward_trap_in_callback',
    '(i32.store (i32.const 0) (i32.const 7)) (call $prepare (i32.const 3) (i32.const 1)) (call $call_on_cleanup (i32.const 2) (i32.const 0)) (call $perform)',
  ),
  method(
    'update',
    'forward_burn_in_callback',
    '(call $prepare (i32.const 5) (i32.const 1)) (call $call_on_cleanup (i32.const 2) (i32.const 0)) (call $perform)',
  ),
  method(
    'update',
    'forward_then_trap',
    '(call $prepare (i32.const 0) (i32.const 1)) (call $call_cycles_add (i64.const 1000)) (call $perform) (call $trap_now)',
  ),
  method(
    'update',
    'forward_no_answer',
    '(call $prepare (i32.const 4) (i32.const 4)) (call $perform)',
  ),
  method(
    'update',
    'abandon',
    '(call $prepare (i32.const 0) (i32.const 1)) (call $call_cycles_add (i64.const 1000)) (call $msg_reply)',
  ),
  method(
    'update',
    'replace',
    '(call $prepare (i32.const 0) (i32.const 1)) (call $call_cycles_add (i64.const 1000)) (call $prepare (i32.const 0) (i32.const 1)) (call $perform)',
  ),
  method(
    'update',
    'two_callbacks',
    '(call $prepare (i32.const 4) (i32.const 4)) (call $perform) (call $prepare (i32.const 0) (i32.const 1)) (call $perform)',
  ),
  method(
    'update',
    'fill_queue',
    '(local $n i32) (loop $l (call $prepare (i32.const 4) (i32.const 4)) (if (i32.eqz (call $call_perform)) (then (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $l)))) (call $reply_u32 (local.get $n))',
  ),
  method('update', 'perform_without_new', '(call $perform)'),
  method('update', 'append_without_new', '(call $call_data_append (i32.const 0) (i32.const 0))'),
  method(
    'update',
    'cleanup_twice',
    '(call $prepare (i32.const 0) (i32.const 1)) (call $call_on_cleanup (i32.const 2) (i32.const 0)) (call $call_on_cleanup (i32.const 2) (i32.const 0))',
  ),
  method('update', 'reply_twice', '(call $msg_reply) (call $msg_reply)'),
  method(
    'update',
    'append_after_reply',
    '(call $msg_reply) (call $msg_reply_data_append (i32.const 0) (i32.const 1))',
  ),
  method('update', 'silent', ''),
  method('update', 'refuse', '(call $msg_reject (i32.const 900) (i32.const 4))'),
  method('update', 'boom', '(call $trap_now)'),
  method('update', 'seven', '(call $reply_u32 (i32.const 7))'),
  method(
    'update',
    'accept_some',
    '(drop (call $msg_cycles_accept (i64.const 300))) (call $reply_u32 (i32.const 1))',
  ),
  method(
    'update',
    'accept_then_trap',
    '(drop (call $msg_cycles_accept (i64.const 300))) (call $trap_now)',
  ),
  method(
    'update',
    'record',
    '(i32.store (i32.const 16) (i32.add (i32.mul (i32.load (i32.const 16)) (i32.const 10)) (i32.load8_u (i32.const 900)))) (call $msg_reply)',
  ),
  method('query', 'state', '(call $reply_u32 (i32.load (i32.const 0)))'),
  method('query', 'callbacks', '(call $reply_u32 (i32.load (i32.const 4)))'),
  method('query', 'cleanups', '(call $reply_u32 (i32.load (i32.const 8)))'),
  method('query', 'refunded', '(call $reply_u32 (i32.load (i32.const 48)))'),
  method(
    'query',
    'call_in_query',
    '(call $call_new (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))',
  ),
  method(
    'composite_query',
    'ask',
    '(i32.store (i32.const 0) (i32.const 31)) (call $prepare (i32.const 0) (i32.const 1)) (call $perform)',
  ),
];

/** A canister that can call others in every way the tests need. */
export const CALLER_MODULE = watModule(`${CALLBACKS} ${PREPARE} ${METHODS.join('\n')}`);
