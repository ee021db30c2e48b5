import type { TransferId } from '../../core/ids.ts';
import { ledgerKey } from './live-transfers.ts';
import { runTransfer } from './run-transfer.flow.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** How many due transfers a tick looks at: those of a ledger that stalls must not hide the others. */
const MAX_LOOKED_AT = 500;
/** A tick shares its message with nobody, and leaves most of it unused. */
const MAX_INSTRUCTIONS = 2_000_000_000n;

/** What a tick did. */
export interface TransferTick {
  readonly started: number;
  /** Some are due that nobody works on yet. */
  readonly isMore: boolean;
}

/**
 * Starts the transfers that are due, each in a message of its own, with few calls at once in all and
 * for each ledger. Ticks may overlap each other and anything else.
 */
export function tickTransfers(canister: TransferCanister): TransferTick {
  const { runtime, storage, memory } = canister;
  const startedByLedger = new Map<string, number>();
  let started = 0;
  let isMore = false;
  for (const { id } of storage.transfersDue.due(runtime.time(), MAX_LOOKED_AT)) {
    if (runtime.instructions() > MAX_INSTRUCTIONS) return { started, isMore: true };
    if (memory.live.has(id)) continue;
    const transfer = storage.transfers.get(id);
    if (transfer === undefined) continue;
    if (!memory.live.hasRoom(transfer.ledger, startedByLedger)) {
      isMore = true;
      continue;
    }
    const key = ledgerKey(transfer.ledger);
    startedByLedger.set(key, (startedByLedger.get(key) ?? 0) + 1);
    startTransfer(canister, id);
    started += 1;
  }
  return { started, isMore };
}

/**
 * Runs a transfer in a message of its own: a trap undoes that alone, and no caller waits. It need not
 * come to it: what is not run now is due at the watchdog's time.
 */
function startTransfer(canister: TransferCanister, id: TransferId): void {
  const run = async () => {
    await runTransfer(canister, id);
  };
  canister.timers.once({ afterSeconds: 0, run });
}
