import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { concatBytes } from '@noble/hashes/utils.js';
import type { MessageId } from '../../src/core/types.ts';
import { utf8 } from '../../src/crypto/bytes.ts';
import { encodeUleb128 } from '../../src/crypto/leb128.ts';
import { createNode, type LocalnetNode, type NodeOptions } from '../../src/localnet-node.ts';
import { bytesFrom } from './ic-request.ts';
import { wat } from './kernel-world.ts';
import { method, watModule } from './wat-module.ts';

const MINUTE_NS = 60_000_000_000n;
const MANAGEMENT = Principal.managementCanister();

/** A node whose keys every run shares. */
export function testNode(options: Partial<NodeOptions> = {}): LocalnetNode {
  return createNode({ seed: utf8('test node'), ...options });
}

/** Runs a call from outside to its end, by hand. Throws if it is rejected. */
export function execute(
  node: LocalnetNode,
  call: {
    readonly sender?: Principal;
    readonly canisterId: Principal;
    readonly method: string;
    readonly arg: Uint8Array;
  },
): Uint8Array {
  const { replica, host } = node;
  const unique = `${call.method} ${replica.stateVersion().toString()}`;
  const id = Buffer.from(bytesFrom(unique)).toString('hex') as MessageId;
  const expiryNs = replica.timeNs() + MINUTE_NS;
  const sender = call.sender ?? Principal.anonymous();
  const outcome = replica.submit({ ...call, sender, id, expiryNs });
  if (outcome.kind === 'refused') throw new Error(outcome.reject.message);
  for (let round = 0; round < 10; round += 1) {
    const status = replica.ingressStatus(id);
    if (status.kind === 'replied') return status.data;
    if (status.kind === 'rejected') throw new Error(status.reject.message);
    host.tick(replica.timeNs() + 1n);
  }
  throw new Error(`${call.method} did not end`);
}

/** Creates a canister with a module in it. */
export function installModule(
  node: LocalnetNode,
  module: { readonly wasm: Uint8Array; readonly controller: Principal },
): Principal {
  const created = execute(node, {
    sender: module.controller,
    canisterId: MANAGEMENT,
    method: 'provisional_create_canister_with_cycles',
    arg: IDL.encode([IDL.Record({})], [{}]),
  });
  const CanisterId = IDL.Record({ canister_id: IDL.Principal });
  const [record] = IDL.decode([CanisterId], new Uint8Array(created)) as unknown as [
    { canister_id: Principal },
  ];
  const Install = IDL.Record({
    mode: IDL.Variant({ install: IDL.Null }),
    canister_id: IDL.Principal,
    wasm_module: IDL.Vec(IDL.Nat8),
    arg: IDL.Vec(IDL.Nat8),
  });
  const install = {
    mode: { install: null },
    canister_id: record.canister_id,
    wasm_module: module.wasm,
    arg: [],
  };
  execute(node, {
    sender: module.controller,
    canisterId: MANAGEMENT,
    method: 'install_code',
    arg: IDL.encode([Install], [install]),
  });
  return record.canister_id;
}

/**
 * A counter: update `inc`, query `get` (as u32), `set_data` and `read_data` for certified data and
 * its certificate, `boom` that traps, and `guarded`, which inspect_message refuses.
 */
export function counterModule(): Uint8Array {
  const module = watModule(`
    ${method('update', 'inc', '(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) (call $reply_u32 (i32.load (i32.const 0)))')}
    ${method('query', 'get', '(call $reply_u32 (i32.load (i32.const 0)))')}
    ${method('update', 'boom', '(i32.store (i32.const 0) (i32.const 99)) (call $trap_now)')}
    ${method('update', 'guarded', '(call $reply_u32 (i32.const 0))')}
    ${method('update', 'silent', '')}
    ${method('update', 'set_data', '(call $msg_arg_data_copy (i32.const 2000) (i32.const 0) (call $msg_arg_data_size)) (call $certified_data_set (i32.const 2000) (call $msg_arg_data_size)) (call $reply_u32 (i32.const 0))')}
    ${method('query', 'read_data', '(call $data_certificate_copy (i32.const 2000) (i32.const 0) (call $data_certificate_size)) (call $msg_reply_data_append (i32.const 2000) (call $data_certificate_size)) (call $msg_reply)')}
    (func (export "canister_inspect_message")
      (call $msg_method_name_copy (i32.const 4000) (i32.const 0) (i32.const 3))
      (if (i32.ne (i32.load8_u (i32.const 4000)) (i32.const 103)) (then (call $accept_message))))
  `);
  return concatBytes(
    wat(module),
    customSection('icp:public candid:service', utf8('service : { inc : () -> () }')),
    customSection('icp:private secret', utf8('only for controllers')),
  );
}

function customSection(name: string, content: Uint8Array): Uint8Array {
  const nameBytes = utf8(name);
  const nameLength = encodeUleb128(BigInt(nameBytes.length));
  const size = BigInt(nameLength.length + nameBytes.length + content.length);
  return concatBytes(Uint8Array.of(0), encodeUleb128(size), nameLength, nameBytes, content);
}
