import type { EntryKind } from '../execution.ts';

const LETTER: Readonly<Record<string, EntryKind>> = {
  s: 'start',
  I: 'init',
  G: 'pre-upgrade',
  U: 'update',
  RQ: 'replicated-query',
  NRQ: 'query',
  CQ: 'composite-query',
  Ry: 'reply',
  Rt: 'reject',
  CRy: 'composite-reply',
  CRt: 'composite-reject',
  C: 'cleanup',
  CC: 'composite-cleanup',
  F: 'inspect',
  T: 'system-task',
};

const ALL = 'I G U RQ NRQ CQ Ry Rt CRy CRt C CC F T';
const REPLICATED = 'I G U RQ Ry Rt C T';
const RESPOND = 'U RQ NRQ CQ Ry Rt CRy CRt';
const CALL = 'U CQ Ry Rt CRy CRt T';

/** Where each import may be called. Source: IC interface spec 0.66, "Overview of imports". */
const TABLE: Readonly<Record<string, string>> = {
  msg_arg_data_size: 'I U RQ NRQ CQ Ry CRy F',
  msg_arg_data_copy: 'I U RQ NRQ CQ Ry CRy F',
  msg_caller_size: ALL,
  msg_caller_copy: ALL,
  msg_reject_code: 'Ry Rt CRy CRt C CC',
  msg_reject_msg_size: 'Rt CRt',
  msg_reject_msg_copy: 'Rt CRt',
  msg_deadline: RESPOND,
  msg_reply_data_append: RESPOND,
  msg_reply: RESPOND,
  msg_reject: RESPOND,
  msg_cycles_available: 'U RQ Rt Ry',
  msg_cycles_available128: 'U RQ Rt Ry',
  msg_cycles_refunded: 'Rt Ry',
  msg_cycles_refunded128: 'Rt Ry',
  msg_cycles_accept: 'U RQ Rt Ry',
  msg_cycles_accept128: 'U RQ Rt Ry',
  cycles_burn128: 'I G U Ry Rt C T',
  canister_self_size: ALL,
  canister_self_copy: ALL,
  canister_cycle_balance: ALL,
  canister_cycle_balance128: ALL,
  canister_liquid_cycle_balance128: ALL,
  canister_status: ALL,
  canister_version: ALL,
  subnet_self_size: ALL,
  subnet_self_copy: ALL,
  root_key_size: REPLICATED,
  root_key_copy: REPLICATED,
  msg_method_name_size: 'F',
  msg_method_name_copy: 'F',
  accept_message: 'F',
  call_new: CALL,
  call_on_cleanup: CALL,
  call_data_append: CALL,
  call_with_best_effort_response: CALL,
  call_cycles_add: 'U Ry Rt T',
  call_cycles_add128: 'U Ry Rt T',
  call_perform: CALL,
  certified_data_set: 'I G U Ry Rt T',
  data_certificate_present: ALL,
  data_certificate_size: 'NRQ CQ',
  data_certificate_copy: 'NRQ CQ',
  time: ALL,
  global_timer_set: 'I G U Ry Rt C T',
  env_var_count: ALL,
  env_var_name_size: ALL,
  env_var_name_copy: ALL,
  env_var_name_exists: ALL,
  env_var_value_size: ALL,
  env_var_value_copy: ALL,
  mint_cycles: 'U Ry Rt T',
  mint_cycles128: 'U Ry Rt T',
};

const allowed = new Map(
  Object.entries(TABLE).map(([name, letters]) => [
    name,
    new Set(letters.split(' ').map((letter) => LETTER[letter])),
  ]),
);

/** True for imports that no execution is refused. */
export function isAllowedAnywhere(name: string): boolean {
  return !allowed.has(name);
}

/** Imports not in the table (stable memory, trap, debug_print, counters, costs) are legal anywhere. */
export function isAllowedIn(name: string, kind: EntryKind): boolean {
  return allowed.get(name)?.has(kind) ?? true;
}
