import { Actor, type ActorMethod, type HttpAgent } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';

const MANAGEMENT_ID = Principal.managementCanister();

export type InstallMode = { readonly install: null } | { readonly upgrade: readonly [] };

interface ManagementService {
  readonly provisional_create_canister_with_cycles: ActorMethod<
    [{ readonly amount: readonly [bigint]; readonly settings: readonly [] }],
    { readonly canister_id: Principal }
  >;
  readonly install_code: ActorMethod<
    [
      {
        readonly mode: InstallMode;
        readonly canister_id: Principal;
        readonly wasm_module: Uint8Array;
        readonly arg: Uint8Array;
      },
    ]
  >;
  readonly canister_status: ActorMethod<
    [{ readonly canister_id: Principal }],
    { readonly module_hash: readonly [] | readonly [Uint8Array] }
  >;
}

/** The part of the management canister that deploying takes. Source: IC interface spec, ic.did. */
const managementService: IDL.InterfaceFactory = ({ IDL: idl }) => {
  const canisterOnly = idl.Record({ canister_id: idl.Principal });
  const mode = idl.Variant({ install: idl.Null, reinstall: idl.Null, upgrade: idl.Opt(idl.Null) });
  return idl.Service({
    provisional_create_canister_with_cycles: idl.Func(
      [idl.Record({ amount: idl.Opt(idl.Nat), settings: idl.Opt(idl.Record({})) })],
      [canisterOnly],
      [],
    ),
    install_code: idl.Func(
      [
        idl.Record({
          mode,
          canister_id: idl.Principal,
          wasm_module: idl.Vec(idl.Nat8),
          arg: idl.Vec(idl.Nat8),
        }),
      ],
      [],
      [],
    ),
    canister_status: idl.Func(
      [canisterOnly],
      [idl.Record({ module_hash: idl.Opt(idl.Vec(idl.Nat8)) })],
      [],
    ),
  });
};

/** Calls about one canister are routed by its id; creating one has none yet. */
export function managementActor(agent: HttpAgent, canisterId?: Principal) {
  return Actor.createActor<ManagementService>(managementService, {
    agent,
    canisterId: MANAGEMENT_ID,
    effectiveCanisterId: canisterId ?? MANAGEMENT_ID,
  });
}
