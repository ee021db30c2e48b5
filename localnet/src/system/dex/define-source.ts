import { IDL } from '@dfinity/candid';
import { defineNative, type TypedHandler } from '../../core/define-native.ts';
import { NativeReject, type NativeContext, type NativeProgram } from '../../core/native.ts';
import { ErrorCode, reject } from '../../core/types.ts';
import { candidText } from '../candid-text.ts';
import { SourceStateType, type Availability, type SourceState } from './availability.ts';

type Methods = Readonly<Record<string, IDL.FuncClass>>;
type Handlers = Readonly<Record<string, TypedHandler>>;

export interface SourceDefinition {
  readonly programId: string;
  /** The third party's methods; what they do depends on the availability. */
  readonly methods: Methods;
  readonly handlers: Handlers;
  /** Methods of localnet alone, which always answer; their names begin with `localnet_`. */
  readonly adminMethods: Methods;
  readonly adminHandlers: Handlers;
  readonly typeNames?: Readonly<Record<string, IDL.Type>>;
  readonly availability: Availability;
  readonly save: () => Uint8Array;
  readonly load: (bytes: Uint8Array) => void;
}

/** Methods that every stand-in has for whoever scripts it. */
export const AVAILABILITY_METHODS: Methods = {
  localnet_set_state: IDL.Func([SourceStateType], [], []),
  localnet_state: IDL.Func([], [SourceStateType], ['query']),
};

const Snapshot = IDL.Record({ state: SourceStateType, body: IDL.Vec(IDL.Nat8) });

interface SnapshotValue {
  readonly state: SourceState;
  readonly body: Uint8Array;
}

/** A third party's canister that can be made to fail, and scripted through `localnet_` methods. */
export function defineSource(definition: SourceDefinition): NativeProgram {
  const { availability } = definition;
  const methods = {
    ...definition.methods,
    ...definition.adminMethods,
    ...AVAILABILITY_METHODS,
  };
  const service = IDL.Service(methods);
  return defineNative({
    programId: definition.programId,
    candid: candidText(service, { ...definition.typeNames, LocalnetSourceState: SourceStateType }),
    service,
    handlers: {
      ...guarded(definition.handlers, availability),
      ...definition.adminHandlers,
      ...availabilityHandlers(availability),
    },
    save: () => saveSource(availability, definition.save()),
    load: (bytes) => {
      definition.load(loadSource(availability, bytes));
    },
    nextTimerNs: () => (availability.hasCallsToResume ? 0n : undefined),
    onTimer: (context) => {
      availability.resume(context);
    },
  });
}

export function availabilityHandlers(availability: Availability): Handlers {
  return {
    localnet_set_state: (context: NativeContext, state: SourceState) => {
      availability.set(state);
      availability.resume(context);
    },
    localnet_state: () => availability.state,
  };
}

export function saveSource(availability: Availability, body: Uint8Array): Uint8Array {
  const value: SnapshotValue = { state: availability.state, body };
  return new Uint8Array(IDL.encode([Snapshot], [value]));
}

/** Restores the availability and returns the rest. */
export function loadSource(availability: Availability, bytes: Uint8Array): Uint8Array {
  const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as SnapshotValue;
  availability.load(value.state);
  return value.body;
}

/** Ends a `localnet_` method with reject code 4; the text tells the caller what to give instead. */
export function refuse(message: string): never {
  throw new NativeReject(reject(ErrorCode.CanisterRejectedMessage, message));
}

/** Turns what a stand-in's state refuses into a reject. */
export function refuseRangeErrors(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refuse(error.message);
  }
}

function guarded(handlers: Handlers, availability: Availability): Handlers {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]): [string, TypedHandler] => [
      name,
      (context, ...args) => availability.guard(context, () => handler(context, ...args)),
    ]),
  );
}
