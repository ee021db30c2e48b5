import type { IDL } from '@dfinity/candid';
import { query as azleQuery, update as azleUpdate, type MethodDecorator } from 'azle';

/**
 * Azle writes the Candid text of all visible methods at every init and upgrade, although only the
 * build reads it: up to a third of what a start costs. So methods are visible in the build alone.
 * Callers notice nothing; the contract is in the Wasm's `candid:service` section.
 */
const { _azleNodejsWasmEnvironment: isBuild } = globalThis as {
  _azleNodejsWasmEnvironment?: boolean;
};
const OPTIONS = { hidden: isBuild !== true };

/** A method that reads; answered by one replica. */
export function query(paramTypes: IDL.Type[], returnType: IDL.Type): MethodDecorator {
  return azleQuery(paramTypes, returnType, OPTIONS);
}

/** A method that may change state; its answer is certified. */
export function update(paramTypes: IDL.Type[], returnType: IDL.Type): MethodDecorator {
  return azleUpdate(paramTypes, returnType, OPTIONS);
}
