import type { FunctionType } from './module-reader.ts';

const I32 = 0x7f;
const I64 = 0x7e;

/** `i` is i32 (also a pointer on memory32), `I` is i64. Source: IC interface spec 0.66, ic0.txt. */
const TABLE = `
msg_arg_data_size -> i
msg_arg_data_copy iii
msg_caller_size -> i
msg_caller_copy iii
msg_reject_code -> i
msg_reject_msg_size -> i
msg_reject_msg_copy iii
msg_deadline -> I
msg_reply_data_append ii
msg_reply
msg_reject ii
msg_cycles_available -> I
msg_cycles_available128 i
msg_cycles_refunded -> I
msg_cycles_refunded128 i
msg_cycles_accept I -> I
msg_cycles_accept128 IIi
cycles_burn128 IIi
canister_self_size -> i
canister_self_copy iii
canister_cycle_balance -> I
canister_cycle_balance128 i
canister_liquid_cycle_balance128 i
canister_status -> i
canister_version -> I
subnet_self_size -> i
subnet_self_copy iii
root_key_size -> i
root_key_copy iii
msg_method_name_size -> i
msg_method_name_copy iii
accept_message
call_new iiiiiiii
call_on_cleanup ii
call_data_append ii
call_with_best_effort_response i
call_cycles_add I
call_cycles_add128 II
call_perform -> i
stable_size -> i
stable_grow i -> i
stable_write iii
stable_read iii
stable64_size -> I
stable64_grow I -> I
stable64_write III
stable64_read III
certified_data_set ii
data_certificate_present -> i
data_certificate_size -> i
data_certificate_copy iii
time -> I
global_timer_set I -> I
performance_counter i -> I
is_controller ii -> i
in_replicated_execution -> i
cost_call IIi
cost_create_canister i
cost_http_request IIi
cost_sign_with_ecdsa iiii -> i
cost_sign_with_schnorr iiii -> i
cost_vetkd_derive_key iiii -> i
env_var_count -> i
env_var_name_size i -> i
env_var_name_copy iiii
env_var_name_exists ii -> i
env_var_value_size ii -> i
env_var_value_copy iiiii
mint_cycles I -> I
mint_cycles128 IIi
debug_print ii
trap ii
`;

/** Every import localnet offers, with the type a module must declare for it. */
export const IC0_SIGNATURES: ReadonlyMap<string, FunctionType> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => parseLine(line)),
);

function parseLine(line: string): [string, FunctionType] {
  const [left = '', right = ''] = line.split('->');
  const [name = '', params = ''] = left.trim().split(' ');
  return [name, { params: typesOf(params), results: typesOf(right.trim()) }];
}

function typesOf(letters: string): number[] {
  return [...letters].map((letter) => (letter === 'I' ? I64 : I32));
}
