import type { ConfigEvent, TransferEvent } from '../../core/events.ts';
import { recordEvent } from '../record-event.flow.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** Journal and state in this message, and what the heap should know of it. */
export function recordTransferEvent(
  canister: TransferCanister,
  event: TransferEvent | Extract<ConfigEvent, { kind: 'ledger-fee-observed' }>,
): void {
  const { runtime, storage, memory } = canister;
  recordEvent(storage, { at: runtime.time(), event });
  if (event.kind !== 'transfer-paid') return;
  memory.scans.forget(event.transferId);
  const transfer = storage.transfers.get(event.transferId);
  if (transfer === undefined || event.block === undefined) return;
  memory.tips.saw(transfer.ledger, event.block);
}
