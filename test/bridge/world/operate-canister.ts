import { readFileSync } from 'node:fs';
import { Actor, type ActorMethod, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { layoutOf } from '../../../scripts/canisters/layout.ts';
import { managementActor } from '../../../scripts/start/management.ts';
import type { ChaosNetwork } from '../../chaos/world/chaos-network.ts';

type OnCanister = ActorMethod<[{ readonly canister_id: Principal }]>;

interface LifecycleService {
  readonly stop_canister: OnCanister;
  readonly start_canister: OnCanister;
}

/** Source: IC interface spec, ic.did. */
const lifecycleService: IDL.InterfaceFactory = ({ IDL: idl }) => {
  const onCanister = idl.Func([idl.Record({ canister_id: idl.Principal })], [], []);
  return idl.Service({ stop_canister: onCanister, start_canister: onCanister });
};

/** What an operator does to the market's canister. */
export class CanisterOperation {
  readonly #agent: HttpAgent;
  readonly #canisterId: Principal;

  constructor(network: ChaosNetwork) {
    const agent = Actor.agentOf(network.operator.rental);
    if (!(agent instanceof HttpAgent)) throw new Error('BUG: an actor without an agent');
    this.#agent = agent;
    this.#canisterId = network.deployment.rental;
  }

  async stop(): Promise<void> {
    await this.#lifecycle().stop_canister({ canister_id: this.#canisterId });
  }

  async start(): Promise<void> {
    await this.#lifecycle().start_canister({ canister_id: this.#canisterId });
  }

  /** To the same module: what is kept in stable memory is read anew. */
  async upgrade(): Promise<void> {
    const wasm = readFileSync(layoutOf('rental').output.gzippedWasm);
    await managementActor(this.#agent, this.#canisterId).install_code({
      mode: { upgrade: [] },
      canister_id: this.#canisterId,
      wasm_module: new Uint8Array(wasm),
      arg: new Uint8Array(IDL.encode([], [])),
    });
  }

  #lifecycle() {
    return Actor.createActor<LifecycleService>(lifecycleService, {
      agent: this.#agent,
      canisterId: Principal.managementCanister(),
      effectiveCanisterId: this.#canisterId,
    });
  }
}
