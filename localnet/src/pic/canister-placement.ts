import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Replica } from '../core/replica-api.ts';
import { badIngress } from './call-routing.ts';
import { canisterIdOf } from './canister-range.ts';
import type { PlannedSubnet } from './subnet-plan.ts';

/** Source: IC management canister interface, `provisional_create_canister_with_cycles_args`. */
const VISIBILITY = IDL.Variant({
  controllers: IDL.Null,
  public: IDL.Null,
  allowed_viewers: IDL.Vec(IDL.Principal),
});
const SETTINGS = IDL.Record({
  controllers: IDL.Opt(IDL.Vec(IDL.Principal)),
  compute_allocation: IDL.Opt(IDL.Nat),
  memory_allocation: IDL.Opt(IDL.Nat),
  freezing_threshold: IDL.Opt(IDL.Nat),
  reserved_cycles_limit: IDL.Opt(IDL.Nat),
  minimum_incoming_canister_call_cycles: IDL.Opt(IDL.Nat),
  log_visibility: IDL.Opt(VISIBILITY),
  snapshot_visibility: IDL.Opt(VISIBILITY),
  status_visibility: IDL.Opt(VISIBILITY),
  log_memory_limit: IDL.Opt(IDL.Nat),
  wasm_memory_limit: IDL.Opt(IDL.Nat),
  wasm_memory_threshold: IDL.Opt(IDL.Nat),
  environment_variables: IDL.Opt(IDL.Vec(IDL.Record({ name: IDL.Text, value: IDL.Text }))),
});
const CREATE_ARGS = IDL.Record({
  amount: IDL.Opt(IDL.Nat),
  settings: IDL.Opt(SETTINGS),
  specified_id: IDL.Opt(IDL.Principal),
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

/**
 * Puts a new canister on the subnet it is meant for, by choosing its id: which subnet a canister is
 * on is a matter of its id alone.
 */
export class CanisterPlacement {
  readonly #replica: Replica;
  readonly #defaultSubnet: PlannedSubnet;
  readonly #nextIndex = new Map<PlannedSubnet, bigint>();

  constructor(options: { readonly replica: Replica; readonly defaultSubnet: PlannedSubnet }) {
    this.#replica = options.replica;
    this.#defaultSubnet = options.defaultSubnet;
  }

  /**
   * The creation arguments for `subnet`. Those of the default subnet are left alone, because the
   * replica takes its ids from there, and so are those that choose an id.
   */
  place(arg: Uint8Array, subnet: PlannedSubnet): Uint8Array {
    if (subnet === this.#defaultSubnet) return arg;
    const wanted = decodeArgs(arg);
    if (wanted.specified_id.length > 0) return arg;
    const placed = { ...wanted, specified_id: [this.#freshId(subnet)] };
    return new Uint8Array(IDL.encode([CREATE_ARGS], [placed]));
  }

  #freshId(subnet: PlannedSubnet): Principal {
    let index = this.#nextIndex.get(subnet) ?? subnet.allocation.start;
    while (this.#replica.canister(canisterIdOf(index)) !== undefined) index += 1n;
    this.#nextIndex.set(subnet, index + 1n);
    return canisterIdOf(index);
  }
}

/** Fields that are passed on unread are left out. */
interface WireCreateArgs {
  readonly specified_id: [] | [Principal];
}

function decodeArgs(arg: Uint8Array): WireCreateArgs {
  try {
    return IDL.decode([CREATE_ARGS], arg)[0] as unknown as WireCreateArgs;
  } catch (cause) {
    throw badIngress(`Error decoding candid: ${String(cause)}`);
  }
}
