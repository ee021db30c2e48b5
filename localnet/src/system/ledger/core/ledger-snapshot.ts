import { IDL } from '@dfinity/candid';
import type { AllowanceEntry } from './allowances.ts';
import type { ArchivedRange } from './block-log.ts';
import type { LedgerState } from './ledger-state.ts';
import type { ReplayEntry } from './replay-window.ts';

const ArchiveSnapshot = IDL.Record({ canisterId: IDL.Text, start: IDL.Nat64, end: IDL.Nat64 });

/** A ledger's whole state as a Candid value: typed, and equal states give equal bytes. */
export const LedgerSnapshot = IDL.Record({
  balances: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Nat)),
  allowances: IDL.Vec(
    IDL.Record({
      from: IDL.Text,
      spender: IDL.Text,
      amount: IDL.Nat,
      expiresAtNs: IDL.Opt(IDL.Nat64),
    }),
  ),
  replays: IDL.Vec(IDL.Record({ id: IDL.Text, blockIndex: IDL.Nat64, keepUntilNs: IDL.Nat64 })),
  blocks: IDL.Vec(IDL.Vec(IDL.Nat8)),
  archives: IDL.Vec(ArchiveSnapshot),
  tipHash: IDL.Opt(IDL.Vec(IDL.Nat8)),
  feeCollectorBlock: IDL.Opt(IDL.Nat64),
});

export interface LedgerSnapshotValue {
  readonly balances: readonly (readonly [string, bigint])[];
  readonly allowances: readonly AllowanceSnapshot[];
  readonly replays: readonly { id: string; blockIndex: bigint; keepUntilNs: bigint }[];
  readonly blocks: readonly Uint8Array[];
  readonly archives: readonly { canisterId: string; start: bigint; end: bigint }[];
  readonly tipHash: [] | [Uint8Array];
  readonly feeCollectorBlock: [] | [bigint];
}

interface AllowanceSnapshot {
  readonly from: string;
  readonly spender: string;
  readonly amount: bigint;
  readonly expiresAtNs: [] | [bigint];
}

export function takeSnapshot<A>(state: LedgerState<A>): LedgerSnapshotValue {
  const log = state.log.save();
  const collectorBlock = state.feeCollector?.blockIndex;
  return {
    balances: state.balances.entries(),
    allowances: state.allowances.entries().map(allowanceToSnapshot),
    replays: state.replays
      .entries()
      .map((entry) => ({ ...entry, blockIndex: BigInt(entry.blockIndex) })),
    blocks: log.localBlocks,
    archives: log.archives.map((range) => ({
      canisterId: range.canisterId,
      start: BigInt(range.start),
      end: BigInt(range.end),
    })),
    tipHash: log.tipHash === undefined ? [] : [log.tipHash],
    feeCollectorBlock: collectorBlock === undefined ? [] : [BigInt(collectorBlock)],
  };
}

/** Restores everything but the fee collector's account, which is configuration. */
export function restoreSnapshot<A>(state: LedgerState<A>, snapshot: LedgerSnapshotValue): void {
  state.balances.load(snapshot.balances);
  state.allowances.load(snapshot.allowances.map(allowanceFromSnapshot));
  state.replays.load(snapshot.replays.map(replayFromSnapshot));
  state.log.load({
    localBlocks: snapshot.blocks,
    archives: snapshot.archives.map(rangeFromSnapshot),
    tipHash: snapshot.tipHash[0],
  });
  const [collectorBlock] = snapshot.feeCollectorBlock;
  if (state.feeCollector !== undefined && collectorBlock !== undefined) {
    state.feeCollector = { ...state.feeCollector, blockIndex: Number(collectorBlock) };
  }
}

function allowanceToSnapshot(entry: AllowanceEntry): AllowanceSnapshot {
  const { from, spender, amount, expiresAtNs } = entry;
  return { from, spender, amount, expiresAtNs: expiresAtNs === undefined ? [] : [expiresAtNs] };
}

function allowanceFromSnapshot(entry: AllowanceSnapshot): AllowanceEntry {
  return { ...entry, expiresAtNs: entry.expiresAtNs[0] };
}

function replayFromSnapshot(entry: LedgerSnapshotValue['replays'][number]): ReplayEntry {
  return { ...entry, blockIndex: Number(entry.blockIndex) };
}

function rangeFromSnapshot(range: LedgerSnapshotValue['archives'][number]): ArchivedRange {
  return { canisterId: range.canisterId, start: Number(range.start), end: Number(range.end) };
}
