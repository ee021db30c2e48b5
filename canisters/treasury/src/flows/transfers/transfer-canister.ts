import type { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { Timers } from '@decent-cloud/kit/timers/timers.port.ts';
import type { TreasuryStorage } from '../../storage/treasury-storage.ts';
import { KnownTips } from './known-tips.ts';
import { LiveTransfers } from './live-transfers.ts';
import { ScanProgress } from './scan-progress.ts';

/** What the transfer machine works with; put together once in the composition root. */
export interface TransferCanister {
  readonly runtime: Runtime;
  readonly timers: Timers;
  readonly storage: TreasuryStorage;
  readonly memory: TransferMemory;
  /** US dollars for one whole token as last seen, for statements only. Never awaits. */
  readonly priceHint: (ledger: Principal) => UsdE8 | undefined;
}

/**
 * What the machine has on the heap. An upgrade loses it, and that is part of the design: an answer that
 * was awaited before can then never be seen, and nobody may think that it still will.
 */
export interface TransferMemory {
  readonly live: LiveTransfers;
  readonly tips: KnownTips;
  readonly scans: ScanProgress;
}

/** Empty, as after an upgrade. */
export function transferMemory(): TransferMemory {
  return { live: new LiveTransfers(), tips: new KnownTips(), scans: new ScanProgress() };
}
