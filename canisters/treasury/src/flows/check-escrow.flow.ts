import { present } from '@decent-cloud/domain/assert.ts';
import { applyEvent } from '../core/apply.ts';
import type { EscrowId } from '../core/ids.ts';
import { checkEscrow } from '../core/invariants.ts';
import { escrowDifferences, memoryState } from '../testing/memory-state.ts';
import { rowsOf, type EscrowRows } from './escrow-rows.ts';
import type { TransferCanister } from './transfers/transfer-canister.ts';

type Canister = Pick<TransferCanister, 'runtime' | 'storage'>;

/** What a check found; no troubles means that all is as it must be. */
export interface CheckReport {
  readonly checked: number;
  readonly troubles: readonly string[];
}

/**
 * Replays the events of one escrow into an empty state, compares what comes out with what is stored,
 * and checks the invariants. Costs as much as the escrow had events. Undefined: no such escrow.
 */
export function replayEscrow(canister: Canister, id: EscrowId): CheckReport | undefined {
  const { runtime, storage } = canister;
  const stored = rowsOf(storage, id);
  if (stored === undefined) return undefined;
  const replayed = memoryState();
  const length = storage.escrowEvents.length(id);
  for (let index = 0; index < length; index += 1) {
    const { seq } = present(storage.escrowEvents.get(id, index), 'an event is not listed');
    applyEvent(replayed, { seq, ...present(storage.journal.get(seq), 'an event is missing') });
  }
  const rows: EscrowRows = {
    quote: present(replayed.quotes.get(id), 'the replay gave no quote'),
    escrow: present(replayed.escrows.get(id), 'the replay gave no escrow'),
    transfers: stored.transfers.map((transfer) =>
      present(replayed.transfers.get(transfer.id), 'the replay gave no such transfer'),
    ),
  };
  const troubles = [
    ...escrowDifferences(stored, rows),
    ...checkEscrow({ ...stored, now: runtime.time() }),
  ];
  return { checked: length, troubles };
}
