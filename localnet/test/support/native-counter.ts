import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { defineNative } from '../../src/core/define-native.ts';
import { NativeReject, type NativeContext, type NativeProgram } from '../../src/core/native.ts';
import { ErrorCode, reject } from '../../src/core/types.ts';

const SERVICE_TEXT = `service : {
  inc : () -> (nat);
  get : () -> (nat) query;
  whoami : () -> (principal);
  fail : (text) -> ();
}`;

/** As `Actor.createActor` wants it; each client library brings its own `IDL`. */
export function counterService(idl: typeof IDL): IDL.ServiceClass {
  return idl.Service({
    inc: idl.Func([], [idl.Nat], []),
    get: idl.Func([], [idl.Nat], ['query']),
    whoami: idl.Func([], [idl.Principal], []),
    fail: idl.Func([idl.Text], [], []),
  });
}

/** The service as client libraries show it. */
export interface CounterActor {
  inc(): Promise<bigint>;
  get(): Promise<bigint>;
  whoami(): Promise<{ toText(): string }>;
  fail(message: string): Promise<void>;
}

/** Counts calls, says who calls, and rejects when asked to. */
export function nativeCounter(): NativeProgram {
  let count = 0n;
  return defineNative({
    programId: 'test-counter',
    candid: SERVICE_TEXT,
    service: counterService(IDL),
    handlers: {
      inc: () => {
        count += 1n;
        return count;
      },
      get: () => count,
      whoami: (context: NativeContext): Principal => context.caller,
      fail: (_context: NativeContext, message: string) => {
        throw new NativeReject(reject(ErrorCode.CanisterRejectedMessage, message));
      },
    },
    save: () => new TextEncoder().encode(count.toString()),
    load: (bytes) => {
      count = BigInt(new TextDecoder().decode(bytes));
    },
  });
}
