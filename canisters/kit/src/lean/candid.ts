import * as IDL from './idl.ts';

/** Stands in for the package `@dfinity/candid` in a built canister. */
export { IDL };
