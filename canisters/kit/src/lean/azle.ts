import type { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { MethodDecorator, RawCallOptions, Serializable } from 'azle';
import { addEntryPoint } from '../azle/class-meta.ts';
import { fail } from '../azle/fail.ts';
import { candidCodec } from '../candid/candid-codec.ts';
import { charPerByte } from '../text-host.ts';
import { globals } from './azle-host.ts';

const host = globals._azleIc;

export const {
  canisterCycleBalance,
  certifiedDataSet,
  inReplicatedExecution,
  msgArgData,
  msgMethodName,
  msgReply,
  performanceCounter,
  time,
  trap,
} = host;

const CALLBACKS: Readonly<Record<string, '_azleResolveCallbacks' | '_azleRejectCallbacks'>> = {
  DELETE_AZLE_RESOLVE_CALLBACK: '_azleResolveCallbacks',
  DELETE_AZLE_REJECT_CALLBACK: '_azleRejectCallbacks',
};

/** What the compiled part asks for: to forget a callback that was used. */
globals._azleDispatch = ({ type, payload }) => {
  const name = String(payload);
  Reflect.deleteProperty(globals[CALLBACKS[type] ?? '_azleTimerCallbacks'], name);
};

export function canisterSelf(): Principal {
  return Principal.fromUint8Array(host.canisterSelf());
}

export function msgCaller(): Principal {
  return Principal.fromUint8Array(host.msgCaller());
}

export function isController(principal: Principal): boolean {
  return host.isController(principal.toUint8Array());
}

let calls = 0;

export function call(
  canisterId: Principal,
  method: string,
  { args, cycles = 0n }: RawCallOptions,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    calls += 1;
    const name = calls.toString();
    globals._azleResolveCallbacks[name] = resolve;
    globals._azleRejectCallbacks[name] = reject;
    const callee = canisterId.toUint8Array();
    host.callRaw(name, name, callee, method, args, cycles.toString());
  });
}

type Callback = () => void | Promise<void>;

export function setTimer(delaySeconds: number, callback: Callback): bigint {
  return armed(host.setTimer(delaySeconds), callback);
}

export function setTimerInterval(intervalSeconds: number, callback: Callback): bigint {
  return armed(host.setTimerInterval(intervalSeconds), callback);
}

function armed(timerId: bigint, callback: Callback): bigint {
  globals._azleTimerCallbacks[timerId.toString()] = async () => {
    try {
      await callback();
    } catch (error) {
      fail(error);
    }
  };
  return timerId;
}

/** The bytes of a message without arguments, which most starts have, need no codec. */
const NO_ARGUMENTS = 'DIDL\u0000\u0000';

function decodeArgs(types: readonly IDL.Type[]): unknown[] {
  const bytes = host.msgArgData();
  if (types.length === 0 && charPerByte(bytes) === NO_ARGUMENTS) return [];
  return candidCodec(() => types).decode(bytes);
}

/** An entry point that answers nothing; a promise of it is waited for. */
function lifecycle(
  paramTypes: () => IDL.Type[],
  settle?: (value: unknown) => void,
): MethodDecorator {
  return (method, context) => {
    context.addInitializer(function () {
      addEntryPoint(this, async () => {
        try {
          const values = settle === undefined ? decodeArgs(paramTypes()) : [];
          const value: unknown = await Reflect.apply(method, this, values);
          settle?.(value);
        } catch (error) {
          fail(error);
        }
      });
    });
  };
}

export const init = (paramTypes: IDL.Type[]): MethodDecorator => lifecycle(() => paramTypes);
export const postUpgrade = (paramTypes: IDL.Type[]): MethodDecorator => lifecycle(() => paramTypes);
export const preUpgrade: MethodDecorator = (method, context) =>
  lifecycle(
    () => [],
    () => undefined,
  )(method, context);
export const inspectMessage = (): MethodDecorator =>
  lifecycle(
    () => [],
    (isAccepted) => {
      if (isAccepted === true) host.acceptMessage();
    },
  );

/** Only the build asks Azle for these: see `azle.methods.ts`. */
export const query = (): never => host.trap('Azle registers no queries here');
export const update = (): never => host.trap('Azle registers no updates here');

export class StableBTreeMap<Key, Value> {
  readonly #id: number;
  readonly #keys: Serializable<Key>;
  readonly #values: Serializable<Value>;

  constructor(memoryId: number, keys: Serializable<Key>, values: Serializable<Value>) {
    this.#id = memoryId;
    this.#keys = keys;
    this.#values = values;
    host.stableBTreeMapInit(memoryId);
  }

  containsKey(key: Key): boolean {
    return host.stableBTreeMapContainsKey(this.#id, this.#keys.toBytes(key));
  }

  get(key: Key): Value | undefined {
    return this.#decoded(host.stableBTreeMapGet(this.#id, this.#keys.toBytes(key)));
  }

  insert(key: Key, value: Value): Value | undefined {
    const bytes = this.#values.toBytes(value);
    return this.#decoded(host.stableBTreeMapInsert(this.#id, this.#keys.toBytes(key), bytes));
  }

  remove(key: Key): Value | undefined {
    return this.#decoded(host.stableBTreeMapRemove(this.#id, this.#keys.toBytes(key)));
  }

  len(): number {
    return host.stableBTreeMapLen(this.#id);
  }

  keys(startIndex?: number, length?: number): Key[] {
    return host
      .stableBTreeMapKeys(this.#id, startIndex, length)
      .map((bytes) => this.#keys.fromBytes(bytes));
  }

  #decoded(bytes: Uint8Array | undefined): Value | undefined {
    return bytes === undefined ? undefined : this.#values.fromBytes(bytes);
  }
}
