/**
 * The part of Azle that canisters here use. Azle ships TypeScript sources that do not compile under
 * this repository's options, so the compiler reads these declarations
 * instead, by `paths` in each canister's `tsconfig.json`; the bundler reads
 * the real package.
 */
import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

type Method<This, Args extends unknown[], Return> = (this: This, ...args: Args) => Return;
export type MethodDecorator = <This, Args extends unknown[], Return>(
  method: Method<This, Args, Return>,
  context: ClassMethodDecoratorContext<This, Method<This, Args, Return>>,
) => void;

interface MethodOptions {
  readonly manual?: boolean;
  readonly hidden?: boolean;
}
interface QueryOptions extends MethodOptions {
  readonly composite?: boolean;
}

export function init(paramTypes: IDL.Type[]): MethodDecorator;
export function postUpgrade(paramTypes: IDL.Type[]): MethodDecorator;
export const preUpgrade: MethodDecorator;
export function query(
  paramTypes: IDL.Type[],
  returnType?: IDL.Type,
  options?: QueryOptions,
): MethodDecorator;
export function update(
  paramTypes: IDL.Type[],
  returnType?: IDL.Type,
  options?: MethodOptions,
): MethodDecorator;

/** With `manual` it gets no arguments; `true` lets the message in. */
export function inspectMessage(options: { readonly manual: true }): MethodDecorator;

/** The bytes that the current message came with. */
export function msgArgData(): Uint8Array;
/** The method that the message under inspection calls. */
export function msgMethodName(): string;
/** Answers the current message; once. */
export function msgReply(bytes: Uint8Array): void;
/** Ends the message and undoes its effects. */
export function trap(message: string): never;

export function canisterCycleBalance(): bigint;
export function canisterSelf(): Principal;
/** At most 32 bytes. */
export function certifiedDataSet(data: Uint8Array): void;
export function inReplicatedExecution(): boolean;
export function isController(principal: Principal): boolean;
export function msgCaller(): Principal;
/** 0: instructions of this message; 1: of the whole call context. */
export function performanceCounter(counterType: 0 | 1): bigint;
export function time(): bigint;
export function setTimer(delaySeconds: number, callback: () => void | Promise<void>): bigint;
export function setTimerInterval(
  intervalSeconds: number,
  callback: () => void | Promise<void>,
): bigint;

export interface RawCallOptions {
  readonly args: Uint8Array;
  readonly raw: true;
  readonly cycles?: bigint;
}
export function call(
  canisterId: Principal,
  method: string,
  options: RawCallOptions,
): Promise<Uint8Array>;

/** Azle's default: JSON with tags for what JSON lacks. */
export const stableJson: {
  readonly toBytes: (value: unknown) => Uint8Array;
  readonly fromBytes: (bytes: Uint8Array) => never;
};

export interface Serializable<T> {
  readonly toBytes: (value: T) => Uint8Array;
  readonly fromBytes: (bytes: Uint8Array) => T;
}
export class StableBTreeMap<Key, Value> {
  constructor(memoryId: number, keys?: Serializable<Key>, values?: Serializable<Value>);
  containsKey(key: Key): boolean;
  get(key: Key): Value | undefined;
  insert(key: Key, value: Value): Value | undefined;
  remove(key: Key): Value | undefined;
  len(): number;
  keys(startIndex?: number, length?: number): Key[];
  values(startIndex?: number, length?: number): Value[];
}

export { IDL } from '@dfinity/candid';
export { Principal } from '@dfinity/principal';
