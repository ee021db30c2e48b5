import { NativeReject } from '../core/native.ts';
import { ErrorCode, reject } from '../core/types.ts';

/** Ends a handler as `ic0.trap` ends a Wasm canister: reject code 5. Nothing may be changed yet. */
export function trap(message: string): never {
  throw new NativeReject(
    reject(ErrorCode.CanisterCalledTrap, `Canister called \`ic0.trap\` with message: '${message}'`),
  );
}
