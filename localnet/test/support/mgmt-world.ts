import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { createReplica } from '../../src/core/create-replica.ts';
import type { Replica } from '../../src/core/replica-api.ts';
import type { MessageId, Reject, Response } from '../../src/core/types.ts';
import { METHODS } from '../../src/mgmt/methods.ts';
import { CanisterSettings } from '../../src/mgmt/wire/settings.ts';
import { ARGUMENT_TYPES } from './mgmt-arguments.ts';

const SECOND_NS = 1_000_000_000n;
const GENESIS_NS = 1_620_328_630_000_000_000n;
const T = 1_000_000_000_000n;

export const MANAGEMENT = Principal.managementCanister();
export const ALICE = Principal.selfAuthenticating(Uint8Array.of(1));
export const BOB = Principal.selfAuthenticating(Uint8Array.of(2));
export const SUBNET_ID = Principal.selfAuthenticating(Uint8Array.of(9));

export const REPLICA_OPTIONS = {
  seed: Uint8Array.of(7),
  timeNs: GENESIS_NS,
  subnetId: SUBNET_ID,
  rootKey: Uint8Array.of(1, 1),
};

/** What came back through the relay canister: the inner response and the cycles returned. */
export interface Relayed {
  readonly kind: 'reply' | 'reject';
  readonly refunded: bigint;
  readonly data: Uint8Array;
  readonly code: number;
  readonly message: string;
}

/** A real replica whose management canister is called with values instead of bytes. */
export class MgmtWorld {
  readonly replica: Replica;
  #nextMessage: number;

  /** A restored replica knows the message ids from before: then start above them. */
  constructor(replica: Replica = createReplica(REPLICA_OPTIONS), firstMessage = 1) {
    this.replica = replica;
    this.#nextMessage = firstMessage;
  }

  tick(): void {
    this.replica.round(this.replica.timeNs() + SECOND_NS);
  }

  /** Hands in an update; a refusal at the door is thrown as `RefusedError`. */
  submit(call: {
    canisterId: Principal;
    method: string;
    arg: Uint8Array;
    sender?: Principal;
  }): MessageId {
    const id = this.#nextMessage.toString(16).padStart(64, '0') as MessageId;
    this.#nextMessage += 1;
    const expiryNs = this.replica.timeNs() + 300n * SECOND_NS;
    const outcome = this.replica.submit({ sender: ALICE, ...call, id, expiryNs });
    if (outcome.kind === 'refused') throw new RefusedError(outcome.reject);
    return id;
  }

  response(id: MessageId): Response | undefined {
    const status = this.replica.ingressStatus(id);
    if (status.kind === 'replied') return { kind: 'reply', data: status.data };
    return status.kind === 'rejected' ? status.reject : undefined;
  }

  update(call: Parameters<MgmtWorld['submit']>[0]): Response {
    const id = this.submit(call);
    this.tick();
    const response = this.response(id);
    if (response === undefined) throw new Error('no response after a round');
    return response;
  }

  /** Calls a management method as a user. A refusal at the door counts as the reject it is. */
  manage(method: string, arg: unknown, sender: Principal = ALICE): Response {
    try {
      return this.update({
        canisterId: MANAGEMENT,
        method,
        arg: encodeArg(method, arg),
        sender,
      });
    } catch (error) {
      if (error instanceof RefusedError) return error.reject;
      throw error;
    }
  }

  /** The decoded result of a management call that must succeed. */
  ask(method: string, arg: unknown, sender?: Principal): unknown {
    return decodeResult(method, this.manage(method, arg, sender));
  }

  query(method: string, arg: unknown, sender: Principal = ALICE): Response {
    const message = { canisterId: MANAGEMENT, method, arg: encodeArg(method, arg), sender };
    return this.replica.query(message);
  }

  create(settings: Record<string, unknown> = {}, amount = 100n * T): Principal {
    const created = this.ask('provisional_create_canister_with_cycles', {
      amount: [amount],
      settings: [settingsArg(settings)],
    }) as { canister_id: Principal };
    return created.canister_id;
  }

  install(canister_id: Principal, wasm: Uint8Array, mode: object = { install: null }): void {
    this.ask('install_code', installArg(canister_id, wasm, mode));
  }

  createWith(wasm: Uint8Array, settings: Record<string, unknown> = {}): Principal {
    const id = this.create(settings);
    this.install(id, wasm);
    return id;
  }

  /** Starts a management call made by the relay canister. */
  submitRelayed(
    relay: Principal,
    call: { method: string; arg: unknown; cycles?: bigint },
  ): MessageId {
    const { method, arg, cycles = 0n } = call;
    const bytes = relayArg({ callee: MANAGEMENT, method, cycles, arg: encodeArg(method, arg) });
    return this.submit({ canisterId: relay, method: 'relay', arg: bytes });
  }

  relayed(id: MessageId): Relayed | undefined {
    const response = this.response(id);
    if (response === undefined) return undefined;
    if (response.kind === 'reject') throw new Error(`relay failed: ${response.message}`);
    return readRelayed(response.data);
  }

  /** Makes a management call from the relay canister and waits for its outcome. */
  relay(relay: Principal, call: { method: string; arg: unknown; cycles?: bigint }): Relayed {
    const id = this.submitRelayed(relay, call);
    this.tick();
    const outcome = this.relayed(id);
    if (outcome === undefined) throw new Error('no response after a round');
    return outcome;
  }

  relayOk(relay: Principal, call: { method: string; arg: unknown; cycles?: bigint }): unknown {
    const { kind, data, message } = this.relay(relay, call);
    if (kind === 'reject') throw new Error(message);
    return decodeResult(call.method, { kind: 'reply', data });
  }

  cycles(id: Principal): bigint {
    const canister = this.replica.canister(id);
    if (canister === undefined) throw new Error(`no canister ${id.toText()}`);
    return canister.cycles;
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

/** Encodes an argument; optional fields of the record may be left out. */
export function encodeArg(method: string, arg: unknown): Uint8Array {
  if (arg instanceof Uint8Array) return arg;
  const type = ARGUMENT_TYPES.get(method);
  if (type === undefined) return new Uint8Array(IDL.encode([], []));
  return new Uint8Array(IDL.encode([type], [{ ...absentOptions(type), ...(arg as object) }]));
}

function absentOptions(type: IDL.Type): Record<string, unknown> {
  if (!(type instanceof IDL.RecordClass)) return {};
  const options = type._fields.filter(([, field]) => field instanceof IDL.OptClass);
  return Object.fromEntries(options.map(([name]) => [name, []]));
}

export function decodeResult(method: string, response: Response): unknown {
  if (response.kind === 'reject') {
    throw new Error(`${method}: ${response.errorCode.toString()} ${response.message}`);
  }
  const type = METHODS.get(method)?.resultType;
  const values: unknown[] = IDL.decode(
    type === undefined ? [] : [type],
    new Uint8Array(response.data),
  );
  return values[0];
}

/** The error code of a response that must be a reject. */
export function codeOf(response: Response): number {
  if (response.kind === 'reply') throw new Error('was not rejected');
  return response.errorCode;
}

/** A whole `canister_settings` with only the given fields set. */
export function settingsArg(settings: Record<string, unknown>): Record<string, unknown> {
  const wire = absentOptions(CanisterSettings);
  for (const [name, value] of Object.entries(settings)) wire[name] = [value];
  return wire;
}

export function installArg(
  canister_id: Principal,
  wasm_module: Uint8Array,
  mode: object = { install: null },
  arg: Uint8Array = new Uint8Array(0),
): Record<string, unknown> {
  return { mode, canister_id, wasm_module, arg };
}

export function relayArg(call: {
  callee: Principal;
  method: string;
  cycles: bigint;
  arg: Uint8Array;
}): Uint8Array {
  const callee = call.callee.toUint8Array();
  const method = new TextEncoder().encode(call.method);
  const cycles = new Uint8Array(8);
  new DataView(cycles.buffer).setBigUint64(0, call.cycles, true);
  return Uint8Array.from([
    callee.length,
    method.length,
    ...cycles,
    ...callee,
    ...method,
    ...call.arg,
  ]);
}

function readRelayed(bytes: Uint8Array): Relayed {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const refunded = view.getBigUint64(1, true);
  const code = view.getUint32(9, true);
  const rest = bytes.slice(13);
  return bytes[0] === 0
    ? { kind: 'reply', refunded, data: rest, code: 0, message: '' }
    : {
        kind: 'reject',
        refunded,
        data: new Uint8Array(0),
        code,
        message: new TextDecoder().decode(rest),
      };
}
