import { IDL } from '@dfinity/candid';
import { assertDecodableCandid } from '../crypto/candid-walk.ts';
import type {
  NativeCallOutcome,
  NativeContext,
  NativeMethod,
  NativeStep,
  NativeSteps,
} from './native.ts';
import { NativeReject, type NativeProgram } from './native.ts';
import { ErrorCode, reject } from './types.ts';

/** Result of a typed handler: a value, or steps that call other canisters and then give one. */
export type TypedResult = unknown;

/** Handles one method on decoded Candid arguments, in the order of the service's signature. */
export type TypedHandler = (context: NativeContext, ...args: never[]) => TypedResult;

export interface NativeDefinition {
  readonly programId: string;
  readonly candid: string;
  readonly service: IDL.ServiceClass;
  readonly handlers: Readonly<Record<string, TypedHandler>>;
  readonly save: () => Uint8Array;
  readonly load: (bytes: Uint8Array) => void;
  readonly onTimer?: (context: NativeContext) => void;
  readonly nextTimerNs?: () => bigint | undefined;
}

/**
 * Builds a TypeScript canister from a Candid service and one handler per method. Arguments that do
 * not decode are rejected with IC0503, as a Rust canister's decoding trap would be.
 */
export function defineNative(definition: NativeDefinition): NativeProgram {
  const { service, handlers, ...rest } = definition;
  const methods = new Map<string, NativeMethod>();
  for (const [name, func] of service._fields) {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`BUG: no handler for ${rest.programId}.${name}`);
    methods.set(name, {
      kind: func.annotations.includes('query') ? 'query' : 'update',
      handle: (context, arg) => invoke(func, handler, context, arg),
    });
  }
  return { ...rest, methods };
}

function invoke(
  func: IDL.FuncClass,
  handler: TypedHandler,
  context: NativeContext,
  arg: Uint8Array,
): Uint8Array | NativeSteps {
  const args = decodeArgs(func, arg);
  const result = handler(context, ...(args as never[]));
  return isSteps(result) ? encodeAfter(func, result) : encodeResult(func, result);
}

function decodeArgs(func: IDL.FuncClass, arg: Uint8Array): unknown[] {
  try {
    assertDecodableCandid(arg);
    // A copy: the decoder misreads views into pooled buffers.
    return IDL.decode(func.argTypes, new Uint8Array(arg));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new NativeReject(
      reject(ErrorCode.CanisterCalledTrap, `failed to decode call arguments: ${detail}`),
    );
  }
}

function encodeResult(func: IDL.FuncClass, value: unknown): Uint8Array {
  return new Uint8Array(IDL.encode(func.retTypes, func.retTypes.length === 0 ? [] : [value]));
}

function* encodeAfter(
  func: IDL.FuncClass,
  steps: Generator<NativeStep, unknown, NativeCallOutcome>,
): NativeSteps {
  return encodeResult(func, yield* steps);
}

function isSteps(value: unknown): value is Generator<NativeStep, unknown, NativeCallOutcome> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value;
}
