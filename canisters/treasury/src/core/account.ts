import type { Principal } from '@dfinity/principal';

/** An ICRC-1 account. `subaccount` is 32 bytes; undefined is the default account (32 zeros). */
export interface Account {
  readonly owner: Principal;
  readonly subaccount: Uint8Array | undefined;
}
