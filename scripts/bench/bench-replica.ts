import { createHash } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { createReplica } from '@decent-cloud/localnet/core/create-replica.ts';
import type { Replica } from '@decent-cloud/localnet/core/replica-api.ts';
import type { MessageId, Response } from '@decent-cloud/localnet/core/types.ts';

const START_NS = 1_795_000_000_000_000_000n;
const ROUND_NS = 1_000_000_000n;
const LIFETIME_NS = 300_000_000_000n;
const CYCLES = 10n ** 18n;
const MAX_ROUNDS = 1_000;
const MANAGEMENT = Principal.managementCanister();
const OWNER = Principal.fromUint8Array(Uint8Array.of(11));

const CreateArgs = IDL.Record({ amount: IDL.Opt(IDL.Nat), settings: IDL.Opt(IDL.Null) });
const Created = IDL.Record({ canister_id: IDL.Principal });
const InstallArgs = IDL.Record({
  mode: IDL.Variant({ install: IDL.Null, upgrade: IDL.Null }),
  canister_id: IDL.Principal,
  wasm_module: IDL.Vec(IDL.Nat8),
  arg: IDL.Vec(IDL.Nat8),
});

/** A call's reply and the instructions that all its executions took. */
export interface Measured {
  readonly reply: Uint8Array;
  readonly instructions: number;
}

/** A localnet in this process that counts instructions. */
export class BenchReplica {
  readonly #replica: Replica;
  #instructions = 0n;
  #messages = 0;

  constructor() {
    this.#replica = createReplica({
      seed: new Uint8Array(32),
      timeNs: START_NS,
      subnetId: Principal.selfAuthenticating(new Uint8Array(133)),
      rootKey: new Uint8Array(133),
    });
    this.#replica.onEvent((event) => {
      if (event.kind === 'executed') this.#instructions += event.instructions;
    });
  }

  createCanister(): Principal {
    const arg = encode([CreateArgs], [{ amount: [CYCLES], settings: [] }]);
    const method = 'provisional_create_canister_with_cycles';
    const { reply } = this.update({ canisterId: MANAGEMENT, method, arg });
    const [{ canister_id: id }] = IDL.decode([Created], reply) as unknown as [
      { canister_id: Principal },
    ];
    return id;
  }

  /** Installs or upgrades; the instructions are those of init or post_upgrade. */
  install(code: {
    readonly canisterId: Principal;
    readonly wasm: Uint8Array;
    readonly mode: 'install' | 'upgrade';
  }): Measured {
    const fields = {
      mode: { [code.mode]: null },
      canister_id: code.canisterId,
      wasm_module: code.wasm,
      arg: encode([], []),
    };
    const arg = encode([InstallArgs], [fields]);
    return this.update({ canisterId: MANAGEMENT, method: 'install_code', arg });
  }

  update(call: {
    readonly canisterId: Principal;
    readonly method: string;
    readonly arg: Uint8Array;
  }): Measured {
    const before = this.#instructions;
    const id = this.#newMessageId();
    const expiryNs = this.#replica.timeNs() + LIFETIME_NS;
    const outcome = this.#replica.submit({ id, sender: OWNER, expiryNs, ...call });
    if (outcome.kind === 'refused') throw new Error(`${call.method}: ${outcome.reject.message}`);
    for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
      this.#replica.round(this.#replica.timeNs() + ROUND_NS);
      const status = this.#replica.ingressStatus(id);
      if (status.kind === 'replied') {
        return { reply: status.data, instructions: Number(this.#instructions - before) };
      }
      if (status.kind === 'rejected') throw new Error(`${call.method}: ${status.reject.message}`);
    }
    throw new Error(`${call.method} gave no answer in ${MAX_ROUNDS} rounds`);
  }

  query(call: {
    readonly canisterId: Principal;
    readonly method: string;
    readonly arg: Uint8Array;
  }): Measured {
    const before = this.#instructions;
    const response: Response = this.#replica.query({ sender: OWNER, ...call });
    if (response.kind === 'reject') throw new Error(`${call.method}: ${response.message}`);
    return { reply: response.data, instructions: Number(this.#instructions - before) };
  }

  /** Lets timers that a start-up set run now, so that they do not fall into a measurement. */
  settle(): void {
    for (let rounds = 0; rounds < 5; rounds += 1) {
      this.#replica.round(this.#replica.timeNs() + ROUND_NS);
    }
  }

  #newMessageId(): MessageId {
    this.#messages += 1;
    const digest = createHash('sha256').update(`bench ${this.#messages}`).digest('hex');
    return digest as MessageId;
  }
}

export function encode(types: IDL.Type[], values: unknown[]): Uint8Array {
  return new Uint8Array(IDL.encode(types, values));
}
