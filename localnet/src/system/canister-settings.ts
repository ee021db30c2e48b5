import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Opt } from '../core/candid-opt.ts';

/** `canister_settings` of the management canister as ledger and CMC pass them on. */
export const CanisterSettings = IDL.Record({
  controllers: IDL.Opt(IDL.Vec(IDL.Principal)),
  compute_allocation: IDL.Opt(IDL.Nat),
  memory_allocation: IDL.Opt(IDL.Nat),
  freezing_threshold: IDL.Opt(IDL.Nat),
  reserved_cycles_limit: IDL.Opt(IDL.Nat),
  log_visibility: IDL.Opt(
    IDL.Variant({
      controllers: IDL.Null,
      public: IDL.Null,
      allowed_viewers: IDL.Vec(IDL.Principal),
    }),
  ),
  wasm_memory_limit: IDL.Opt(IDL.Nat),
  wasm_memory_threshold: IDL.Opt(IDL.Nat),
  environment_variables: IDL.Opt(IDL.Vec(IDL.Record({ name: IDL.Text, value: IDL.Text }))),
  log_memory_limit: IDL.Opt(IDL.Nat),
});

export const SubnetSelection = IDL.Variant({
  Subnet: IDL.Record({ subnet: IDL.Principal }),
  Filter: IDL.Record({ subnet_type: IDL.Opt(IDL.Text) }),
});

/** Settings whose other fields are passed on unread. */
export interface WireSettings {
  readonly controllers: Opt<Principal[]>;
}

export type WireSubnetSelection =
  | { readonly Subnet: { readonly subnet: Principal } }
  | { readonly Filter: { readonly subnet_type: Opt<string> } };

const NO_SETTINGS = {
  controllers: [],
  compute_allocation: [],
  memory_allocation: [],
  freezing_threshold: [],
  reserved_cycles_limit: [],
  log_visibility: [],
  wasm_memory_limit: [],
  wasm_memory_threshold: [],
  environment_variables: [],
  log_memory_limit: [],
} as const;

/** The settings asked for, controlled by `controller` unless they name controllers. */
export function settingsFor(controller: Principal, settings: Opt<WireSettings>): WireSettings {
  const [given] = settings;
  const [controllers] = given?.controllers ?? [];
  return { ...NO_SETTINGS, ...given, controllers: [controllers ?? [controller]] };
}
