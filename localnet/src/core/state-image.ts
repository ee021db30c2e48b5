import { createHash } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import { decode, encode } from 'cborg';
import { compileModule } from '../wasm/compile.ts';
import { CanisterState, type CanisterSettings } from './canister-state.ts';
import type { Kernel } from './kernel.ts';
import type { NativeProgram } from './native.ts';
import { StableMemory } from './stable-memory.ts';
import type { IngressStatus, MessageId } from './types.ts';
import { WasmRunner } from './wasm-runner.ts';

const FORMAT = 1;

/** Gives an empty program of a kind; `load` fills it. Undefined if the kind is unknown. */
export type ProgramFactory = (programId: string) => NativeProgram | undefined;

interface CanisterImage {
  readonly id: Uint8Array;
  readonly settings: unknown;
  readonly cycles: string;
  readonly status: CanisterState['status'];
  readonly version: string;
  readonly certifiedData: Uint8Array;
  readonly globalTimerNs: string;
  readonly logs: readonly { index: string; timestampNs: string; content: Uint8Array }[];
  readonly nextLogIndex: string;
  readonly stablePages: number;
  readonly stable: readonly (readonly [number, Uint8Array])[];
  readonly code:
    | undefined
    | { kind: 'wasm'; source: Uint8Array; memory: Uint8Array; globals: readonly string[] }
    | { kind: 'native'; programId: string; state: Uint8Array };
}

interface StateImage {
  readonly format: number;
  readonly timeNs: string;
  readonly nextContextId: number;
  readonly nextOutcallId: number;
  readonly nextCanisterIndex: string;
  readonly randomCounter: string;
  readonly ingress: readonly unknown[];
  readonly canisters: readonly CanisterImage[];
  readonly management: Uint8Array;
}

/** Serialises everything but open contexts and queues; the caller makes sure there are none. */
export function encodeState(kernel: Kernel): Uint8Array {
  return encode(imageOf(kernel));
}

/** SHA-256 of the state including how much is open; equal for equal histories (I7, I13). */
export function hashState(kernel: Kernel): Uint8Array {
  const open = [...kernel.canisters.values()].map((canister) => [
    canister.key,
    [...canister.contexts.values()].map(({ id, pendingCalls, cyclesAvailable }) => [
      id,
      pendingCalls,
      cyclesAvailable.toString(),
    ]),
  ]);
  const image = encode([imageOf(kernel), open, kernel.queue.length, kernel.outcalls.size]);
  return new Uint8Array(createHash('sha256').update(image).digest());
}

function imageOf(kernel: Kernel): StateImage {
  return {
    format: FORMAT,
    timeNs: kernel.timeNs.toString(),
    nextContextId: kernel.nextContextId,
    nextOutcallId: kernel.nextOutcallId,
    nextCanisterIndex: kernel.nextCanisterIndex.toString(),
    randomCounter: kernel.randomCounter.toString(),
    ingress: [...kernel.ingress.entries()].map(([id, entry]) => [
      id,
      entry.sender.toUint8Array(),
      entry.canisterId.toUint8Array(),
      entry.status,
      entry.forgetAtNs.toString(),
    ]),
    canisters: [...kernel.canisters.values()].map(canisterImage),
    management: kernel.management.save(),
  };
}

function canisterImage(canister: CanisterState): CanisterImage {
  return {
    id: canister.id.toUint8Array(),
    settings: plain(canister.settings),
    cycles: canister.cycles.toString(),
    status: canister.status,
    version: canister.version.toString(),
    certifiedData: canister.certifiedData,
    globalTimerNs: canister.globalTimerNs.toString(),
    logs: canister.logs.map(({ index, timestampNs, content }) => ({
      index: index.toString(),
      timestampNs: timestampNs.toString(),
      content,
    })),
    nextLogIndex: canister.nextLogIndex.toString(),
    stablePages: canister.stable.sizePages,
    stable: [...canister.stable.entries()],
    code: codeImage(canister),
  };
}

function codeImage(canister: CanisterState): CanisterImage['code'] {
  const { code } = canister;
  if (code === undefined) return undefined;
  if (code.kind === 'native') {
    const { programId } = code.program;
    return { kind: 'native', programId, state: code.program.save() };
  }
  const { memory, globals } = code.runner.heap.image();
  return {
    kind: 'wasm',
    source: code.compiled.source,
    memory,
    globals: globals.map((value) => `${typeof value}:${value.toString()}`),
  };
}

/** Replaces a fresh kernel's state by a serialised one. Throws if the bytes are of another format. */
export function decodeState(kernel: Kernel, bytes: Uint8Array, programs: ProgramFactory): void {
  const image = decode(bytes) as StateImage;
  if (image.format !== FORMAT) {
    throw new Error(`state format ${String(image.format)} is not ${FORMAT.toString()}`);
  }
  kernel.timeNs = BigInt(image.timeNs);
  kernel.nextContextId = image.nextContextId;
  kernel.nextOutcallId = image.nextOutcallId;
  kernel.nextCanisterIndex = BigInt(image.nextCanisterIndex);
  kernel.randomCounter = BigInt(image.randomCounter);
  for (const entry of image.ingress) restoreIngress(kernel, entry);
  for (const canister of image.canisters) {
    const restored = restoreCanister(kernel, canister, programs);
    kernel.canisters.set(restored.key, restored);
  }
  kernel.management.load(image.management);
  kernel.version += 1n;
}

function restoreIngress(kernel: Kernel, entry: unknown): void {
  const [id, sender, canisterId, status, forgetAtNs] = entry as [
    MessageId,
    Uint8Array,
    Uint8Array,
    IngressStatus,
    string,
  ];
  kernel.ingress.restore(id, {
    sender: Principal.fromUint8Array(sender),
    canisterId: Principal.fromUint8Array(canisterId),
    status,
    forgetAtNs: BigInt(forgetAtNs),
  });
}

function restoreCanister(
  kernel: Kernel,
  image: CanisterImage,
  programs: ProgramFactory,
): CanisterState {
  const id = Principal.fromUint8Array(image.id);
  const canister = new CanisterState({ id, cycles: BigInt(image.cycles), controllers: [] });
  canister.settings = unplain(image.settings) as CanisterSettings;
  canister.status = image.status;
  canister.version = BigInt(image.version);
  canister.certifiedData = image.certifiedData;
  canister.globalTimerNs = BigInt(image.globalTimerNs);
  canister.logs = image.logs.map(({ index, timestampNs, content }) => ({
    index: BigInt(index),
    timestampNs: BigInt(timestampNs),
    content,
  }));
  canister.nextLogIndex = BigInt(image.nextLogIndex);
  canister.stable = new StableMemory(new Map(image.stable), image.stablePages);
  restoreCode(kernel, canister, image, programs);
  return canister;
}

function restoreCode(
  kernel: Kernel,
  canister: CanisterState,
  image: CanisterImage,
  programs: ProgramFactory,
): void {
  const { code } = image;
  if (code === undefined) return;
  if (code.kind === 'native') {
    const program = programs(code.programId);
    if (program === undefined) throw new Error(`no program '${code.programId}' to restore`);
    program.load(code.state);
    canister.code = { kind: 'native', program };
    return;
  }
  const compiled = compileModule(code.source);
  const runner = new WasmRunner(canister, compiled, kernel.subnet);
  const globals = code.globals.map((text) => {
    const value = text.slice(text.indexOf(':') + 1);
    return text.startsWith('bigint') ? BigInt(value) : Number(value);
  });
  runner.heap.load({ memory: code.memory, globals });
  canister.code = { kind: 'wasm', compiled, runner };
}

/** Settings hold bigints and principals, which CBOR maps do not carry as such. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return { $nat: value.toString() };
  if (value instanceof Principal) return { $principal: value.toUint8Array() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function unplain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unplain);
  if (typeof value !== 'object' || value === null) return value;
  if ('$nat' in value) return BigInt(String(value.$nat));
  if ('$principal' in value) return Principal.fromUint8Array(value.$principal as Uint8Array);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unplain(item)]));
}
