import { IDL } from '@dfinity/candid';
import { candidText } from '../../candid-text.ts';
import type { WireAccount } from '../wire/icrc-messages.ts';
import { Account } from '../wire/icrc-types.ts';
import { FaultType } from './fault-wire.ts';
import { ArmedFaultType, CountersType, RandomFaultsType } from './faults-snapshot.ts';

export interface WireMint {
  readonly to: WireAccount;
  readonly amount: bigint;
}

export interface WireArchiveNow {
  readonly keep_blocks: bigint;
  readonly new_archive: boolean;
}

/** Methods that only localnet's ledgers have. They are no part of a ledger's own description. */
export const FAULT_SERVICE = IDL.Service({
  localnet_fault: IDL.Func([ArmedFaultType], [], []),
  localnet_random_faults: IDL.Func([RandomFaultsType], [], []),
  localnet_clear_faults: IDL.Func([], [], []),
  localnet_release: IDL.Func([], [IDL.Nat64], []),
  localnet_faults: IDL.Func([], [IDL.Vec(ArmedFaultType)], ['query']),
  localnet_fault_counters: IDL.Func([], [CountersType], ['query']),
  localnet_set_fee: IDL.Func([IDL.Nat], [], []),
  localnet_mint: IDL.Func([IDL.Record({ to: Account, amount: IDL.Nat })], [IDL.Nat], []),
  localnet_archive_now: IDL.Func(
    [IDL.Record({ keep_blocks: IDL.Nat64, new_archive: IDL.Bool })],
    [IDL.Nat64],
    [],
  ),
});

/** Served as the metadata section `localnet:service`, beside the ledger's `candid:service`. */
export const FAULT_CANDID = candidText(FAULT_SERVICE, {
  Account,
  Fault: FaultType,
  ArmedFault: ArmedFaultType,
  FaultCounters: CountersType,
});
