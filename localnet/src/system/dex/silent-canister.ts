import { IDL } from '@dfinity/candid';
import { defineNative } from '../../core/define-native.ts';
import { NATIVE_WAIT, type NativeContext, type NativeMethod } from '../../core/native.ts';
import type { NativeProgram, NativeSteps } from '../../core/native.ts';
import { candidText } from '../candid-text.ts';
import { refuse } from './define-source.ts';

export const SILENT_PROGRAM = 'localnet-silent';

/** What can be done with a canister that answers nothing else. */
export const SILENT_SERVICE = IDL.Service({
  localnet_release: IDL.Func([], [IDL.Nat64], []),
  localnet_waiting: IDL.Func([], [IDL.Nat64], ['query']),
});

/**
 * A callee that accepts every call, whatever its method, and leaves it open. `localnet_release`
 * ends those that are open, with reject code 4, and says how many they were.
 */
export function createSilentCanister(): NativeProgram {
  let waitingCount = 0;
  const admin = defineNative({
    programId: SILENT_PROGRAM,
    candid: candidText(SILENT_SERVICE),
    service: SILENT_SERVICE,
    handlers: {
      localnet_release: (context: NativeContext) => {
        waitingCount = 0;
        return BigInt(context.resumeWaiting());
      },
      localnet_waiting: () => BigInt(waitingCount),
    },
    save: () => new Uint8Array(0),
    // A state is saved only when no call is open.
    load: () => {
      waitingCount = 0;
    },
  });
  const silence: NativeMethod = {
    kind: 'update',
    *handle(): NativeSteps {
      waitingCount += 1;
      yield NATIVE_WAIT;
      return refuse('released without an answer');
    },
  };
  return { ...admin, methods: new EveryMethod(admin.methods, silence) };
}

/** Any name is a method: one of the known ones, or the fallback. */
class EveryMethod extends Map<string, NativeMethod> {
  readonly #fallback: NativeMethod;

  constructor(known: ReadonlyMap<string, NativeMethod>, fallback: NativeMethod) {
    super(known);
    this.#fallback = fallback;
  }

  override has(): boolean {
    return true;
  }

  override get(name: string): NativeMethod {
    return super.get(name) ?? this.#fallback;
  }
}
