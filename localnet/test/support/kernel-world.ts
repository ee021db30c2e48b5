import { Principal } from '@dfinity/principal';
import wabtFactory from 'wabt';
import type { CanisterState } from '../../src/core/canister-state.ts';
import { installCode, type InstallMode } from '../../src/core/install-code.ts';
import { Kernel } from '../../src/core/kernel.ts';
import { IC_LIMITS } from '../../src/core/limits.ts';
import { LocalReplica } from '../../src/core/local-replica.ts';
import type { ManagementPort } from '../../src/core/management-port.ts';
import type { ReplicaEvent, ReplicaLimits } from '../../src/core/replica-api.ts';
import {
  ErrorCode,
  type IngressStatus,
  type MessageId,
  type Reject,
  reject,
  type Response,
} from '../../src/core/types.ts';

const wabt = await wabtFactory();

/** Assembles WebAssembly text. */
export function wat(text: string): Uint8Array {
  const module = wabt.parseWat('test.wat', text);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

const ABSENT = reject(ErrorCode.CanisterNotFound, 'no management canister in this test');

/** The kernel's own rules are tested without a management canister. */
const ABSENT_MANAGEMENT: ManagementPort = {
  handle: (kernel, call) => {
    kernel.deliver(call.origin, ABSENT, call.cycles);
  },
  query: () => ABSENT,
  inspectIngress: () => ABSENT,
  save: () => new Uint8Array(0),
  load: () => undefined,
};

const ALICE = Principal.fromUint8Array(Uint8Array.of(1, 2, 3, 4, 2));
const SECOND_NS = 1_000_000_000n;
const GENESIS_NS = 1_620_328_630_000_000_000n;

/** A replica with its kernel in reach, driven by hand. */
export class KernelWorld {
  readonly kernel: Kernel;
  readonly replica: LocalReplica;
  readonly events: ReplicaEvent[] = [];
  #nextMessage = 1;

  constructor(limits: Partial<ReplicaLimits> = {}) {
    this.kernel = new Kernel({
      seed: Uint8Array.of(7),
      timeNs: GENESIS_NS,
      subnetId: Principal.fromUint8Array(Uint8Array.of(9, 9, 2)),
      rootKey: Uint8Array.of(1, 1),
      limits: { ...IC_LIMITS, ...limits },
      management: ABSENT_MANAGEMENT,
      dataCertificate: (id) => Uint8Array.from([0xce, ...id.toUint8Array()]),
    });
    this.replica = new LocalReplica(this.kernel);
    this.replica.onEvent((event) => this.events.push(event));
  }

  /** Creates a canister and installs a module given as text. */
  install(text: string, options: { cycles?: bigint; arg?: Uint8Array } = {}): CanisterState {
    const canister = this.kernel.createCanister({
      cycles: options.cycles ?? 100_000_000_000_000n,
      controllers: [ALICE],
    });
    const failure = this.put(canister, text, { mode: 'install', arg: options.arg });
    if (failure !== undefined) throw new Error(failure.message);
    return canister;
  }

  put(
    canister: CanisterState,
    text: string,
    options: { mode: InstallMode; arg?: Uint8Array | undefined },
  ): Reject | undefined {
    return installCode(this.kernel, {
      canister,
      mode: options.mode,
      skipPreUpgrade: false,
      wasm: wat(text),
      arg: options.arg ?? new Uint8Array(0),
      sender: ALICE,
    });
  }

  submit(canisterId: Principal, method: string, arg: Uint8Array = new Uint8Array(0)): MessageId {
    const id = this.#nextMessage.toString(16).padStart(64, '0') as MessageId;
    this.#nextMessage += 1;
    const expiryNs = this.replica.timeNs() + 300n * SECOND_NS;
    const outcome = this.replica.submit({ id, sender: ALICE, canisterId, method, arg, expiryNs });
    if (outcome.kind === 'refused') throw new RefusedError(outcome.reject);
    return id;
  }

  tick(seconds = 1n): void {
    this.replica.round(this.replica.timeNs() + seconds * SECOND_NS);
  }

  status(id: MessageId): IngressStatus {
    return this.replica.ingressStatus(id);
  }

  /** Submits, runs one round and gives the response. */
  call(canister: CanisterState, method: string, arg?: Uint8Array): Response {
    const id = this.submit(canister.id, method, arg);
    this.tick();
    const status = this.status(id);
    if (status.kind === 'replied') return { kind: 'reply', data: status.data };
    if (status.kind === 'rejected') return status.reject;
    throw new Error(`message is ${status.kind}`);
  }

  query(canister: CanisterState, method: string, arg: Uint8Array = new Uint8Array(0)): Response {
    return this.replica.query({ sender: ALICE, canisterId: canister.id, method, arg });
  }
}

/** An ingress message was not taken in. */
export class RefusedError extends Error {
  readonly reject: Reject;
  constructor(reject: Reject) {
    super(reject.message);
    this.name = 'RefusedError';
    this.reject = reject;
  }
}

/** The little-endian u32 a test module replied with. */
export function u32Of(response: Response): number {
  if (response.kind === 'reject') throw new Error(`rejected: ${response.message}`);
  return new DataView(response.data.buffer, response.data.byteOffset).getUint32(0, true);
}
