import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { PendingCall } from './pending-call.ts';

/** Gives a service's Candid; what generated declarations export as `idlFactory`. */
export type ServiceFactory = (library: { readonly IDL: typeof IDL }) => IDL.ServiceClass;

/** A service of generated declarations whose methods run to their end and give plain values. */
export type SyncActor<Service> = {
  readonly [Method in keyof Service]: Service[Method] extends (
    ...args: infer Args
  ) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};

/** The same service; every method only hands its call in. */
export type SubmitActor<Service> = {
  readonly [Method in keyof Service]: Service[Method] extends (
    ...args: infer Args
  ) => Promise<infer Result>
    ? (...args: Args) => PendingCall<Result>
    : never;
};

export interface RawCall {
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
}

/** One function for each method of a service, made by `each`. */
export function bindService<T>(
  factory: ServiceFactory,
  each: (method: string, func: IDL.FuncClass) => T,
): Record<string, T> {
  const service = factory({ IDL });
  return Object.fromEntries(
    service._fields.map(([method, func]) => [method, each(method, func)] as const),
  );
}

export function isQuery(func: IDL.FuncClass): boolean {
  return func.annotations.includes('query') || func.annotations.includes('composite_query');
}

export function encodeArgs(types: readonly IDL.Type[], values: readonly unknown[]): Uint8Array {
  return new Uint8Array(IDL.encode([...types], [...values]));
}

/** The one value of a reply, or undefined of an empty one, as agents give it. */
export function decodeReply(types: readonly IDL.Type[], reply: Uint8Array): unknown {
  // A copy: the decoder misreads views into pooled buffers.
  const values: unknown[] = IDL.decode([...types], new Uint8Array(reply));
  return values.length > 1 ? values : values[0];
}
