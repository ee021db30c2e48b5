import type { CanisterState } from '../core/canister-state.ts';
import type { Snapshot } from './snapshot.ts';
import type { WireChange } from './wire/status.ts';

/** What `canister_info` can show at most. Source: IC spec, "canister_info". */
export const HISTORY_CHANGES_MAX = 20;

/** What the management canister keeps of one canister beside the canister's own state. */
export interface CanisterRecord {
  /** By SHA-256 in hex. */
  readonly chunks: Map<string, Uint8Array>;
  /** The newest changes, oldest first. */
  changes: WireChange[];
  changesTotal: bigint;
  /** By snapshot id in hex, in order of creation. */
  readonly snapshots: Map<string, Snapshot>;
  nextSnapshotNumber: bigint;
}

/** Chunk stores, histories and snapshots of all canisters. */
export class ManagementState {
  readonly records = new Map<string, CanisterRecord>();

  /** The record of a canister; an empty one if nothing was kept so far. */
  of(canister: CanisterState): CanisterRecord {
    const known = this.records.get(canister.key);
    if (known !== undefined) return known;
    const record = emptyRecord();
    this.records.set(canister.key, record);
    return record;
  }

  /** For reading only: does not remember the empty record, so that queries change nothing. */
  peek(canister: CanisterState): Readonly<CanisterRecord> {
    return this.records.get(canister.key) ?? emptyRecord();
  }

  remember(canister: CanisterState, change: WireChange): void {
    const record = this.of(canister);
    record.changes = [...record.changes, change].slice(-HISTORY_CHANGES_MAX);
    record.changesTotal += 1n;
  }
}

function emptyRecord(): CanisterRecord {
  return {
    chunks: new Map(),
    changes: [],
    changesTotal: 0n,
    snapshots: new Map(),
    nextSnapshotNumber: 0n,
  };
}
