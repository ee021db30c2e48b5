import { createHash } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { Replica } from '../../src/core/replica-api.ts';
import type { IngressMessage, IngressStatus, MessageId } from '../../src/core/types.ts';
import { openPersistentNode, type PersistentNode } from '../../src/persist/persistent-node.ts';
import { installStandardCanisters, standardPrograms } from '../../src/cli/standard-network.ts';
import { ICP_LEDGER_ID } from '../../src/system/system-ids.ts';
import { wat } from './kernel-world.ts';
import { method, watModule } from './wat-module.ts';

/**
 * A fixed sequence of messages, so that a network that was cut short knows where to go on and what
 * its state has to be: step 0 creates a canister, 1 installs it, then updates and ICP transfers.
 */
export const SCRIPT_GENESIS_NS = 1_700_000_000_000_000_000n;
const STEP_NS = 1_000_000n;
const HOUR_NS = 3_600_000_000_000n;
const CREATE_STEP = 0;
const INSTALL_STEP = 1;

const CanisterId = IDL.Record({ canister_id: IDL.Principal });
const Install = IDL.Record({
  mode: IDL.Variant({ install: IDL.Null }),
  canister_id: IDL.Principal,
  wasm_module: IDL.Vec(IDL.Nat8),
  arg: IDL.Vec(IDL.Nat8),
});
const Transfer = IDL.Record({
  to: IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) }),
  amount: IDL.Nat,
});

/** Counts in heap and stable memory, and once more by a timer two steps later. */
function countingModule(): Uint8Array {
  const count = '(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))';
  const store = '(call $stable64_write (i64.const 8) (i64.const 0) (i64.const 4))';
  return wat(
    watModule(`
      (func (export "canister_init") (drop (call $stable64_grow (i64.const 1))))
      ${method(
        'update',
        'inc',
        `${count} ${store}
        (drop (call $global_timer_set (i64.add (call $time) (i64.const ${2n * STEP_NS}))))
        (call $reply_u32 (i32.load (i32.const 0)))`,
      )}
      ${method('query', 'get', '(call $reply_u32 (i32.load (i32.const 0)))')}
      (func (export "canister_global_timer") ${count} ${store})`),
  );
}

export function openScriptNode(stateDir: string, snapshotAfterRecords: number): PersistentNode {
  return openPersistentNode({
    stateDir,
    genesis: installStandardCanisters,
    programs: standardPrograms,
    node: { timeNs: SCRIPT_GENESIS_NS, nowNs: () => SCRIPT_GENESIS_NS },
    snapshotAfter: { records: snapshotAfterRecords, bytes: 1 << 30 },
  });
}

function stepMessageId(step: number): MessageId {
  return createHash('sha256').update(`step ${step}`).digest('hex') as MessageId;
}

export function submitStep(replica: Replica, step: number): void {
  const outcome = replica.submit(stepMessage(replica, step));
  if (outcome.kind === 'refused') throw new Error(outcome.reject.message);
}

/** Runs the round of a step; it must then be answered. */
export function runStep(replica: Replica, step: number): void {
  replica.round(SCRIPT_GENESIS_NS + BigInt(step + 1) * STEP_NS);
  const status = replica.ingressStatus(stepMessageId(step));
  if (status.kind !== 'replied') throw new Error(`step ${step} is ${JSON.stringify(status)}`);
}

/** How many steps the replica knows of, and whether the last one still has to run. */
export function progressOf(replica: Replica): { steps: number; isLastOpen: boolean } {
  let steps = 0;
  while (statusOf(replica, steps).kind !== 'unknown') steps += 1;
  return { steps, isLastOpen: steps > 0 && statusOf(replica, steps - 1).kind === 'received' };
}

export function hashText(replica: Replica): string {
  return Buffer.from(replica.stateHash()).toString('hex');
}

export function counterOf(replica: Replica): number {
  const response = replica.query({
    sender: Principal.anonymous(),
    canisterId: scriptCanister(replica),
    method: 'get',
    arg: new Uint8Array(0),
  });
  if (response.kind === 'reject') throw new Error(response.message);
  return new DataView(response.data.buffer, response.data.byteOffset).getUint32(0, true);
}

function statusOf(replica: Replica, step: number): IngressStatus {
  return replica.ingressStatus(stepMessageId(step));
}

function stepMessage(replica: Replica, step: number): IngressMessage {
  const frame = {
    id: stepMessageId(step),
    sender: Principal.anonymous(),
    expiryNs: SCRIPT_GENESIS_NS + HOUR_NS,
  };
  const management = Principal.managementCanister();
  if (step === CREATE_STEP) {
    const arg = IDL.encode([IDL.Record({})], [{}]);
    const method = 'provisional_create_canister_with_cycles';
    return { ...frame, canisterId: management, method, arg };
  }
  const canisterId = scriptCanister(replica);
  if (step === INSTALL_STEP) {
    const install = {
      mode: { install: null },
      canister_id: canisterId,
      wasm_module: countingModule(),
      arg: [],
    };
    const arg = IDL.encode([Install], [install]);
    return { ...frame, canisterId: management, method: 'install_code', arg };
  }
  if (step % 3 !== 0) return { ...frame, canisterId, method: 'inc', arg: new Uint8Array(0) };
  const transfer = { to: { owner: canisterId, subaccount: [] }, amount: BigInt(step) };
  const arg = IDL.encode([Transfer], [transfer]);
  return { ...frame, canisterId: ICP_LEDGER_ID, method: 'icrc1_transfer', arg };
}

function scriptCanister(replica: Replica): Principal {
  const status = statusOf(replica, CREATE_STEP);
  if (status.kind !== 'replied') throw new Error(`create_canister is ${status.kind}`);
  const [record] = IDL.decode([CanisterId], new Uint8Array(status.data)) as unknown as [
    { canister_id: Principal },
  ];
  return record.canister_id;
}
